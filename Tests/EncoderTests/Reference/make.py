#!/usr/bin/env python3
"""Writes reference.json and characters.json: what this encoder's vectors and tokens must be.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 tokenizers==0.23.3 safetensors==0.8.0
    venv/bin/python make.py ../../../.encoder

Token ids come from the library `tokenizers`. The vectors are computed here in 64 bits, from the formulas of Devlin and
others, "BERT" (2018), and of the sentence-transformers pooling; nothing is shared with the Swift code.
"""
import base64
import json
import math
import pathlib
import sys
import unicodedata

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

TEXTS = [
    "",
    " ",
    "\t\r\n \u00a0\u2003",
    "hello",
    "Antidisestablishmentarianism",
    "How do I change the time of my next appointment?",
    "how do i chnage the time of my nxt apointment",
    "What does my PHQ-9 score mean?",
    "I can't see my therapist's notes; what's going on?!",
    "I can\u2019t see my therapist\u2019s notes\u2026 what\u2019s going on\u203d",
    "Where do I ask for a refill of my medication? It runs out on 03/15/2026 (a Sunday).",
    "$125.50 co-pay + 20% -- why??? #billing @front_desk user@example.com",
    "https://portal.example.org/appointments?id=42&view=day",
    "\u00bfC\u00f3mo puedo cambiar mi pr\u00f3xima cita? Ma\u00f1ana no podr\u00e9 ir.",
    "El ni\u00f1o est\u00e1 m\u00e1s tranquilo; gracias, se\u00f1ora Nu\u00f1ez. \u00a1Qu\u00e9 ping\u00fcino!",
    "Se cayo\u0301 el caf\u00e9 en la cafe\u0301teri\u0301a: pin\u0303ata, u\u0308ber",
    "\u00dcber die Stra\u00dfe, STRASSE, Stra\u1e9ee, \u00c5ngstr\u00f6m \u212b, \u0130stanbul \u0131l\u0131k",
    "\u039f\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03c2 \u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3 \u0391\u0343",
    "\u041f\u0440\u0438\u0432\u0435\u0442, \u043a\u0430\u043a \u0434\u0435\u043b\u0430? \u0401\u043b\u043a\u0430 \u0439\u043e\u0434",
    "\u6211\u60f3\u6539\u6211\u7684\u9810\u7d04\u6642\u9593\u3002\u4f60\u597d\uff01",
    "\u4eca\u65e5\u306f\u826f\u3044\u5929\u6c17\u3067\u3059\u306d\u3002\u30ac\u30ae\u30b0 \u304c\u304e\u3050 \uff76\uff9e",
    "\uc548\ub155\ud558\uc138\uc694 \uc0c1\ub2f4 \uc608\uc57d",
    "\u0627\u0644\u0633\u064e\u0651\u0644\u0627\u0645\u064f \u0639\u0644\u064a\u0643\u0645\u060c \u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
    "\u0928\u092e\u0938\u094d\u0924\u0947 \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
    "I'm so tired \U0001f62d\U0001f62d\U0001f494 but ok \U0001f44d\U0001f3fd \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f",
    "zero\u200bwidth \u200ejoin\u200der\u200f \ufeffbom soft\u00adhyphen \u202eoverride\u202c",
    "control\x00char\x01act\x07ers\x1b[31m here\x7f \x85next \u2028line \u2029para \x0bvt \x0cff",
    "repl\ufffdaced \ufffd private\ue000use \uf8ff tag\U000e0041 non\U0001fffe",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035aa\u032f\u031e\u0320\u034dl\u0328\u0347\u030bg\u0335\u0300o\u0334",
    "[CLS] what is [MASK]? [SEP] [sep] [UNK][PAD] [ CLS ] [CLS",
    "##ing ## # playing ##",
    "a" * 100 + " " + "b" * 101 + " " + "supercalifragilisticexpialidocious" * 4,
    "x\u0301" * 120,
    "\U00020000\U0002a6e0\U0002b820\U0002b91f\U0002b920 \uf900 \u3007 \u30fc",
    "\u00bd \u00b2 \u2460 \u2163 \ufb01nance \uff26\uff35\uff2c\uff2c \u3231",
    "\u20ac50 \u00a35 \u00a5 \u00a9 \u00ae \u2122 \u00b0C \u00b1 \u00d7 \u2260 ^_^ `code` ~ | <b>",
    "\u0d02\u0c00\u08e3\u08d4 \u2e43x\u2e4f \u1cf7 \u111c9 \U000111c9 \u1734 \u166d",
    "no spaces,between;punctuation.and:words(at)all[really]{yes}/or\\no",
    "The therapist said that breathing slowly, counting to four, and naming five things I can see would help when a "
    "panic attack begins, but last night nothing worked and I lay awake until three; is that normal, and whom may I "
    "write to before my next session on Thursday?",
    " ".join(f"word{i} about my appointment, and {i} more questions" for i in range(90)),
    ("I worry a lot. " * 150).strip(),
    "\u9810" * 600,
    "\n\n  leading and trailing \t whitespace \u3000 everywhere \n\n",
]


class Bert:
    """The model in 64-bit numpy, one text at a time."""

    def __init__(self, folder):
        self.config = json.loads((folder / "config.json").read_text())
        self.w = {k: v.astype(np.float64) for k, v in load_file(folder / "model.safetensors").items()}

    def norm(self, x, name):
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        x = (x - mean) / np.sqrt(variance + self.config["layer_norm_eps"])
        return x * self.w[f"{name}.weight"] + self.w[f"{name}.bias"]

    def linear(self, x, name):
        return x @ self.w[f"{name}.weight"].T + self.w[f"{name}.bias"]

    def __call__(self, ids):
        w, n, heads = self.w, len(ids), self.config["num_attention_heads"]
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][:n] + w["embeddings.token_type_embeddings.weight"][0]
        x = self.norm(x, "embeddings.LayerNorm")
        for layer in range(self.config["num_hidden_layers"]):
            name = f"encoder.layer.{layer}"
            q, k, v = (
                self.linear(x, f"{name}.attention.self.{part}").reshape(n, heads, -1).transpose(1, 0, 2)
                for part in ("query", "key", "value")
            )
            scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            scores /= scores.sum(-1, keepdims=True)
            context = (scores @ v).transpose(1, 0, 2).reshape(n, -1)
            x = self.norm(x + self.linear(context, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
            inner = self.linear(x, f"{name}.intermediate.dense")
            inner = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
            x = self.norm(x + self.linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        mean = x.mean(0)
        return mean / np.linalg.norm(mean)


def tokenizer_of(folder):
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    length = json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"]
    tokenizer.enable_truncation(max_length=length)
    return tokenizer


def characters(tokenizer):
    """For every 4096 characters a digest of what cleaning and cutting makes of each, between an "a" and a "b".

    Only characters that this Python knows (Unicode 14): later ones may become anything.
    """
    digests = []
    for block in range(0, 0x110000, 4096):
        digest = 0xCBF29CE484222325
        for code in range(block, block + 4096):
            if 0xD800 <= code < 0xE000 or unicodedata.category(chr(code)) == "Cn":
                continue
            clean = tokenizer.normalizer.normalize_str(f"a{chr(code)}b")
            words = [word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(clean)]
            for byte in ("\x1f".join(words) + "\n").encode():
                digest = (digest ^ byte) * 0x100000001B3 % 2**64
        digests.append(f"{digest:016x}")
    return digests


def main():
    folder = pathlib.Path(sys.argv[1])
    here = pathlib.Path(__file__).parent
    bert, tokenizer = Bert(folder), tokenizer_of(folder)
    rows = []
    for text in TEXTS:
        ids = tokenizer.encode(text).ids
        vector = base64.b64encode(bert(ids).astype("<f4").tobytes()).decode()
        rows.append({"text": text, "ids": ids, "vector": vector})
    lines = ",\n".join(json.dumps(row) for row in rows)
    (here / "reference.json").write_text(f"[\n{lines}\n]\n")
    assert unicodedata.unidata_version == "14.0.0", "run with Python 3.11"
    (here / "characters.json").write_text(json.dumps(characters(tokenizer), indent=1) + "\n")


main()
