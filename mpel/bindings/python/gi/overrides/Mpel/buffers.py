# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Large buffers travel beside the pickle: written once into a memory file, mapped by the receiver.

Arrays that pickle protocol 5 knows to give out of band become views of that memory; bytes are
copied out of it. As a GVariant, what travels is a (yay): any bytes, which begin with our mark.
"""

import ctypes
import os
import pickle
import struct

from gi.repository import GLib

from .base import raw
from .payload import from_payload, to_payload

# Below, a copy costs less than a file.
LARGE = 256 * 1024
# From here on the library has a file travel as it is.
FILE = 1024 * 1024
ALIGNMENT = 64
TYPE = GLib.VariantType.new("(yay)")
MARK = b"mpelbufs"
HEAD = struct.Struct("=8sQ")
PLACE = struct.Struct("=QQ")
# Of one call of the kernel.
MAX_PARTS = 512


class Bytes:
    """Stands for large bytes in a pickle."""

    def __init__(self, data):
        self.data = data

    def __reduce_ex__(self, protocol):
        return bytes, (pickle.PickleBuffer(self.data),)


class Taker:
    """For buffer_callback: keeps what is large."""

    def __init__(self):
        self.views = []

    def __call__(self, buffer):
        view = buffer.raw()
        if view.nbytes < LARGE:
            return True
        self.views.append(view)
        return False


def wrap(value):
    return Bytes(value) if type(value) is bytes and len(value) >= LARGE else value


def lay_out(data, views):
    """Returns what to write, in order, and how much it is."""
    at = HEAD.size + PLACE.size * (len(views) + 1)
    parts, places = [], []
    for part in (data, *views):
        length = len(part) if part is data else part.nbytes
        gap = -at % ALIGNMENT
        places.append(PLACE.pack(at + gap, length))
        parts += [bytes(gap), part]
        at += gap + length
    return [HEAD.pack(MARK, len(views)), *places, *parts], at


def write(fd, parts):
    parts = [memoryview(part) for part in parts if len(part)]
    while parts:
        n_written = os.writev(fd, parts[:MAX_PARTS])
        while parts and n_written >= parts[0].nbytes:
            n_written -= parts.pop(0).nbytes
        if n_written:
            parts[0] = parts[0][n_written:]


def to_variant(data, views):
    """What travels of a pickle and its buffers."""
    if not views:
        return to_payload(data)
    parts, size = lay_out(data, views)
    if size <= FILE:
        return GLib.Variant.new_from_bytes(TYPE, GLib.Bytes.new(b"".join(parts)), True)
    fd = os.memfd_create("mpel-buffers", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        write(fd, parts)
        return raw.variant_new_from_fd(TYPE, fd, size)
    finally:
        os.close(fd)


def view_memory(variant):
    """The memory of a GVariant, which lives as long as anybody looks at it."""
    size = variant.get_size()
    memory = (ctypes.c_char * size).from_address(variant.get_data())
    memory.variant = variant
    return memoryview(memory).cast("B")


def is_large(variant):
    return variant is not None and variant.get_type_string() == "(yay)"


def read(variant):
    """Returns the pickle, and the buffers for its loader."""
    memory = view_memory(variant)
    mark, n_views = HEAD.unpack_from(memory)
    if mark != MARK:
        raise pickle.UnpicklingError("these are no buffers of a Python program")
    places = [PLACE.unpack_from(memory, HEAD.size + PLACE.size * index) for index in range(n_views + 1)]
    parts = [memory[start : start + length] for start, length in places]
    if size_of(variant) <= FILE:
        # It lies in one piece of memory with others' payloads.
        parts = [parts[0], *(bytearray(part) for part in parts[1:])]
    return parts[0], parts[1:]


def load(codec, variant):
    """What one payload holds, large or small."""
    if is_large(variant):
        data, views = read(variant)
        return codec.loads(data, buffers=views)
    return codec.loads(from_payload(variant))


def size_of(variant):
    return variant.get_size()
