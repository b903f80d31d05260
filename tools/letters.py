#!/usr/bin/env python3
"""Writes the ranges of src/env/letters.cpp: letters and numbers above ASCII. Print, and paste between the marks."""
import unicodedata

ranges = []
for point in range(0x80, 0x110000):
    if unicodedata.category(chr(point))[0] in "LN":
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
line = "   "
for first, last in ranges:
    item = f" Range{{0x{first:X},0x{last:X}}},"
    if len(line) + len(item) > 100:
        print(line)
        line = "   "
    line += item
print(line)
