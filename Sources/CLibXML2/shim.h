// The HTML parser, and iconv, through which libxml2 itself reads other character sets.
#include <iconv.h>
#include <libxml/xmlversion.h>
// Debian's libxml2 knows ICU and would include its headers, which quarrel with those of Foundation's own ICU.
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
