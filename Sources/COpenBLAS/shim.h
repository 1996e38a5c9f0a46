// Debian's cblas.h may be that of another BLAS, which lacks openblas_set_num_threads.
#if __has_include(<cblas-openblas.h>)
#include <cblas-openblas.h>
#else
#include <cblas.h>
#endif
