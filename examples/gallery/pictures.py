# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the checks of the gallery share: pictures to look at, and who has been left running."""

import colorsys
import math
import os
import struct
import zlib


def paint(index, width, height):
    """Yields rows of RGB: waves, of another colour and shape for each index."""
    dark = colorsys.hsv_to_rgb(index * 0.381966 % 1, 0.75, 0.45)
    light = colorsys.hsv_to_rgb((index * 0.381966 + 0.12) % 1, 0.45, 1)
    for y in range(height):
        row = bytearray()
        for x in range(width):
            far = math.hypot(x / width - (index * 0.27) % 1, y / height - (index * 0.61) % 1)
            part = 0.5 + 0.5 * math.sin(far * (6 + index % 7 * 3) + index)
            row += bytes(int(255 * (a + (b - a) * part)) for a, b in zip(dark, light))
        yield bytes(row)


def pack_png(width, height, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def make_png(index, width, height):
    return pack_png(width, height, b"".join(b"\0" + row for row in paint(index, width, height)))


def make_flat(colour, width, height):
    """A PNG of one colour, which a test can find on the screen."""
    return pack_png(width, height, (b"\0" + bytes(colour) * width) * height)


def make_ppm(index, width, height):
    return b"P6 %d %d 255\n" % (width, height) + b"".join(paint(index, width, height))


def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)
