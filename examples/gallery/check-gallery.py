#!/usr/bin/env python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Checks the gallery: check-gallery.py PROGRAM, on a display.

The window is saved beside the program, for people to look at.
"""

import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tests", "gtk"))

from marked import save_window  # noqa: E402
from pictures import make_flat, make_png, make_ppm, pack_png, write  # noqa: E402

PROGRAM = sys.argv[1]
PICTURE = os.path.join(os.path.dirname(os.path.abspath(PROGRAM)), "gallery.png")
MARK = "MPEL_GALLERY_CHECK"
TIMEOUT_S = 60


def make_folder(folder, n):
    """Writes n pictures, of which two cannot be shown, and a file that is none."""
    shapes = ((240, 160), (160, 240), (200, 200), (240, 100), (60, 60))
    for i in range(n):
        make, end = (make_ppm, "ppm") if i % 5 == 2 else (make_png, "png")
        write(folder, f"wave-{i:03}.{end}", make(i, *shapes[i % len(shapes)]))
    write(folder, "wave-003.png", make_png(3, 40, 40)[:8] + b"broken" * 10)
    write(folder, "wave-020.png", pack_png(60000, 60000, b""))
    write(folder, "notes.txt", b"no picture\n")


def run(folder, picture):
    return save_window(PROGRAM, folder, picture, MARK, TIMEOUT_S)


def check_all_visible():
    """All that the window has room for is there when it is saved, also what is broken."""
    with tempfile.TemporaryDirectory() as parent:
        folder = os.path.join(parent, "Waves")
        os.mkdir(folder)
        make_folder(folder, 24)
        out = run(folder, PICTURE)
    assert out.startswith("24 pictures, 22 decoded, 2 broken"), out


def check_far_away():
    """Of many thousands of pictures those are decoded that are visible, and those of the next page."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, "00000.png", make_flat((90, 120, 200), 8, 8))
        for i in range(1, 10000):
            os.link(os.path.join(folder, "00000.png"), os.path.join(folder, f"{i:05}.png"))
        out = run(folder, os.path.join(folder, "window.png"))
    n_decoded = int(re.match(r"10000 pictures, (\d+) decoded", out)[1])
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
