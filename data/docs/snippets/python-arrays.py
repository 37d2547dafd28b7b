# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import importlib.util
import sys

import gi

gi.require_version("Mpel", "1")
from gi.repository import Mpel  # noqa: E402

if importlib.util.find_spec("numpy") is None:
    print("1..0 # SKIP numpy is missing: install the package python3-numpy")
    sys.exit()
import numpy  # noqa: E402


def invert(image):
    numpy.subtract(255, image, out=image)  # in place: it is a view of the memory that came
    return image


def split(image):
    return numpy.array_split(image, 2)


with Mpel.EventLoop() as loop:
    image = numpy.zeros((4096, 4096), dtype=numpy.uint8)
    event = loop.add_event(invert, image)
    loop.wait()
    print(event.results.shape, event.results.max(), image.max())

with Mpel.Pool(2) as pool:
    whole = numpy.concatenate(list(pool.map(invert, split(image))))
    print(whole.shape, whole.min())
