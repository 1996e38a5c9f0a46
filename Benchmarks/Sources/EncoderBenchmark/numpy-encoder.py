"""The same model and question as EncoderBenchmark in numpy, on one core, for comparison in the same minute.

    pip install numpy==2.4.6 tokenizers==0.23.3 safetensors==0.8.0
    python3 numpy-encoder.py ../.encoder
"""
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import pathlib
import sys
import time

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "../.encoder")
w = load_file(folder / "model.safetensors")
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.no_padding()
TOP = [-2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05,
       -7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02]
BOTTOM = [-1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03,
          -1.42647390514189e-02]


def polynomial(x, coefficients):
    y = np.float32(coefficients[0])
    for c in coefficients[1:]:
        y = y * x + np.float32(c)
    return y


def erf(x):
    x = np.clip(x, -4, 4)
    return x * polynomial(x * x, TOP) / polynomial(x * x, BOTTOM)


def norm(x, name):
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12) * w[f"{name}.weight"] + w[f"{name}.bias"]


def linear(x, name):
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


for layer in range(6):
    name = f"encoder.layer.{layer}.attention.self"
    for kind in ("weight", "bias"):
        w[f"{name}.all.{kind}"] = np.concatenate([w[f"{name}.{part}.{kind}"] for part in ("query", "key", "value")])


def embed(text):
    ids = tokenizer.encode(text).ids
    n = len(ids)
    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][:n]
    x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        q, k, v = linear(x, f"{name}.attention.self.all").reshape(n, 3, 12, 32).transpose(1, 2, 0, 3)
        scores = q @ k.transpose(0, 2, 1) * np.float32(32**-0.5)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        context = (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(n, 384)
        x = norm(x + linear(context, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        inner = linear(x, f"{name}.intermediate.dense")
        inner = inner * np.float32(0.5) * (1 + erf(inner * np.float32(0.5**0.5)))
        x = norm(x + linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


times = []
for _ in range(500):
    start = time.perf_counter()
    embed("How do I change the time of my next appointment?")
    times.append((time.perf_counter() - start) * 1000)
times.sort()
print(f"numpy: median {times[250]:.3f}, 99 % {times[495]:.3f}, longest {times[-1]:.3f} ms (500 times)")
