"""Paints the squares of an SVG's dark path on a grid and prints what an independent reader of QR codes makes of it."""

import re
import sys

import zxingcpp

svg = sys.stdin.read()
side = int(re.search(r'viewBox="0 0 (\d+) \d+"', svg).group(1))
path = re.search(r'fill="#000" d="([^"]*)"', svg).group(1)
scale = 4
pixels = bytearray(b"\xff" * (side * scale) ** 2)
for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path):
    assert width == back
    for row in range(int(y) * scale, (int(y) + 1) * scale):
        start = row * side * scale + int(x) * scale
        pixels[start : start + int(width) * scale] = b"\x00" * (int(width) * scale)
image = memoryview(bytes(pixels)).cast("B", (side * scale, side * scale))
codes = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
print("\n".join(code.text for code in codes), end="")
