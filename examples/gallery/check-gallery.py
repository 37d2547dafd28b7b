#!/usr/bin/env python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Checks the gallery: check-gallery.py PROGRAM, on a display.

The window is saved beside the program, for people to look at.
"""

import colorsys
import math
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib

PROGRAM = sys.argv[1]
PICTURE = os.path.join(os.path.dirname(os.path.abspath(PROGRAM)), "gallery.png")
MARK = "MPEL_GALLERY_CHECK"
TIMEOUT_S = 60


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


def make_png(index, width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + row for row in paint(index, width, height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def make_ppm(index, width, height):
    return b"P6 %d %d 255\n" % (width, height) + b"".join(paint(index, width, height))


def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def make_folder(folder, n):
    """Writes n pictures, of which the fourth is broken, and a file that is none."""
    shapes = ((240, 160), (160, 240), (200, 200), (240, 100), (60, 60))
    for i in range(n):
        make, end = (make_ppm, "ppm") if i % 5 == 2 else (make_png, "png")
        write(folder, f"wave-{i:03}.{end}", make(i, *shapes[i % len(shapes)]))
    write(folder, "wave-003.png", make_png(3, 40, 40)[:8] + b"broken" * 10)
    write(folder, "notes.txt", b"no picture\n")


def find_marked(mark):
    """Returns the processes that were started for this run, workers among them."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark.encode() in file.read().split(b"\0"):
                    found.append(pid)
        except OSError:
            pass  # it is gone, or is not ours
    return found


def run(folder, picture):
    mark = f"{MARK}={os.getpid()}"
    environment = dict(os.environ, LC_ALL="C.UTF-8", G_DEBUG="fatal-criticals", **{MARK: str(os.getpid())})
    done = subprocess.run(
        [PROGRAM, "--screenshot", picture, folder],
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    print("".join(f"# {line}\n" for line in (done.stdout + done.stderr).splitlines()), end="")
    assert done.returncode == 0, done
    assert "gallery:" not in done.stderr and "CRITICAL" not in done.stderr, done.stderr
    assert find_marked(mark) == [], "a process was left"
    with open(picture, "rb") as file:
        assert file.read(4) == b"\x89PNG"
    return done.stdout


def check_all_visible():
    """All that the window has room for is there when it is saved, also what is broken."""
    with tempfile.TemporaryDirectory() as parent:
        folder = os.path.join(parent, "Waves")
        os.mkdir(folder)
        make_folder(folder, 24)
        out = run(folder, PICTURE)
    assert out.startswith("24 pictures, 23 decoded, 1 broken"), out


def check_far_away():
    """Of many pictures those are decoded that are visible, and those of the next page."""
    with tempfile.TemporaryDirectory() as folder:
        for i in range(400):
            write(folder, f"{i:03}.ppm", make_ppm(i, 8, 8))
        out = run(folder, os.path.join(folder, "window.png"))
    n_decoded = int(re.match(r"400 pictures, (\d+) decoded", out)[1])
    assert 0 < n_decoded < 100, out


def check_no_folder():
    with tempfile.TemporaryDirectory() as folder:
        out = run(os.path.join(folder, "missing"), os.path.join(folder, "window.png"))
    assert out.startswith("0 pictures, 0 decoded; "), out


def main():
    checks = (check_all_visible, check_far_away, check_no_folder)
    print(f"1..{len(checks)}")
    status = 0
    for number, check in enumerate(checks, 1):
        try:
            check()
            print(f"ok {number} - {check.__name__}", flush=True)
        except (AssertionError, TypeError, OSError, subprocess.TimeoutExpired) as error:
            status = 1
            print(f"# {error!r}\nnot ok {number} - {check.__name__}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
