# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Eyes and hands for tests of windows: keys and clicks as the X server makes them, and what it shows.

There is no window manager on the display of a test, so the windows lie where they were put.
"""

import ctypes
import ctypes.util
import struct
import time
import zlib

IS_VIEWABLE = 2
Z_PIXMAP = 2
REVERT_TO_PARENT = 2
SHORT_S = 0.01


class Missing(Exception):
    """What this needs is not installed."""


class _Attributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("x", "y", "width", "height", "border_width", "depth")] + [
        ("visual", ctypes.c_void_p), ("root", ctypes.c_ulong), ("kind", ctypes.c_int), ("bit_gravity", ctypes.c_int),
        ("win_gravity", ctypes.c_int), ("backing_store", ctypes.c_int), ("backing_planes", ctypes.c_ulong),
        ("backing_pixel", ctypes.c_ulong), ("save_under", ctypes.c_int), ("colormap", ctypes.c_ulong),
        ("map_installed", ctypes.c_int), ("map_state", ctypes.c_int), ("all_event_masks", ctypes.c_long),
        ("your_event_mask", ctypes.c_long), ("do_not_propagate_mask", ctypes.c_long),
        ("override_redirect", ctypes.c_int), ("screen", ctypes.c_void_p),
    ]  # fmt: skip


class _Image(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("width", "height", "xoffset", "format")] + [
        ("data", ctypes.c_void_p), ("byte_order", ctypes.c_int), ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int), ("bitmap_pad", ctypes.c_int), ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int), ("bits_per_pixel", ctypes.c_int),
    ]  # fmt: skip


def _load(name):
    path = ctypes.util.find_library(name)
    if path is None:
        raise Missing(f"there is no lib{name}: install lib{name.lower()}6")
    return ctypes.CDLL(path)


def _ignore_error(_display, _event):
    return 0  # a window may be gone before it is asked about


class Window:
    def __init__(self, id, title, attributes):
        self.id, self.title = id, title
        self.x, self.y = attributes.x, attributes.y
        self.width, self.height = attributes.width, attributes.height


class Screen:
    """What is on the display at a time: rows of pixels, each in four bytes."""

    def __init__(self, width, height, stride, data):
        self.width, self.height, self.stride, self.data = width, height, stride, data

    def count(self, red, green, blue):
        """How many pixels are of this colour?"""
        colour, n = bytes((blue, green, red)), 0
        at = self.data.find(colour)
        while at >= 0:
            n += at % 4 == 0
            at = self.data.find(colour, at + 1)
        return n

    def save(self, path, window):
        """Writes what is inside of the window as PNG."""
        rows = bytearray()
        for y in range(max(window.y, 0), min(window.y + window.height, self.height)):
            start = y * self.stride + window.x * 4
            row = self.data[start:start + window.width * 4]
            pixels = bytearray(len(row) // 4 * 3)
            pixels[0::3], pixels[1::3], pixels[2::3] = row[2::4], row[1::4], row[0::4]
            rows += b"\0" + pixels

        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

        header = struct.pack(">IIBBBBB", window.width, len(rows) // (window.width * 3 + 1), 8, 2, 0, 0, 0)
        with open(path, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
            file.write(chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b""))


class Hands:
    def __init__(self):
        self._x, self._test = _load("X11"), _load("Xtst")
        for function in (self._x.XOpenDisplay, self._x.XGetImage):
            function.restype = ctypes.c_void_p
        for function in (self._x.XDefaultRootWindow, self._x.XStringToKeysym):
            function.restype = ctypes.c_ulong
        handler_type = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
        self._handler = handler_type(_ignore_error)
        self._x.XSetErrorHandler(self._handler)
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(None))
        if not self._display:
            raise Missing("there is no display")
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))

    def _sync(self):
        self._x.XSync(self._display, 0)

    # ---- Hands ----

    def _press(self, name, is_down):
        symbol = self._x.XStringToKeysym(name.encode())
        code = self._x.XKeysymToKeycode(self._display, ctypes.c_ulong(symbol))
        assert code != 0, f"no key is {name}"
        self._test.XTestFakeKeyEvent(self._display, code, is_down, ctypes.c_ulong(0))

    def key(self, *names):
        """Presses keys at once, such as Control_L and o."""
        for name in names:
            self._press(name, 1)
        for name in reversed(names):
            self._press(name, 0)
        self._sync()

    def click(self, x, y, times=1, button=1):
        self._test.XTestFakeMotionEvent(self._display, -1, int(x), int(y), ctypes.c_ulong(0))
        for _ in range(times):
            self._test.XTestFakeButtonEvent(self._display, button, 1, ctypes.c_ulong(0))
            self._test.XTestFakeButtonEvent(self._display, button, 0, ctypes.c_ulong(0))
        self._sync()

    def focus(self, window):
        self._x.XSetInputFocus(self._display, ctypes.c_ulong(window.id), REVERT_TO_PARENT, ctypes.c_ulong(0))
        self._sync()

    # ---- Eyes ----

    def _get_title(self, id):
        name = ctypes.c_char_p()
        if not self._x.XFetchName(self._display, ctypes.c_ulong(id), ctypes.byref(name)):
            return None
        title = name.value.decode(errors="replace")
        self._x.XFree(name)
        return title

    def find_windows(self):
        """Those that are visible and have a title, the topmost last."""
        root, parent, n = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_uint()
        children = ctypes.POINTER(ctypes.c_ulong)()
        self._x.XQueryTree(self._display, self._root, ctypes.byref(root), ctypes.byref(parent),
                           ctypes.byref(children), ctypes.byref(n))  # fmt: skip
        windows = []
        for i in range(n.value):
            attributes = _Attributes()
            id = children[i]
            is_there = self._x.XGetWindowAttributes(self._display, ctypes.c_ulong(id), ctypes.byref(attributes))
            title = self._get_title(id) if is_there and attributes.map_state == IS_VIEWABLE else None
            if title is not None:
                windows.append(Window(id, title, attributes))
        if n.value:
            self._x.XFree(children)
        return windows

    def look(self):
        attributes = _Attributes()
        self._x.XGetWindowAttributes(self._display, self._root, ctypes.byref(attributes))
        address = self._x.XGetImage(self._display, self._root, 0, 0, attributes.width, attributes.height,
                                    ctypes.c_ulong(0xFFFFFFFF), Z_PIXMAP)  # fmt: skip
        image = ctypes.cast(address, ctypes.POINTER(_Image)).contents
        data = ctypes.string_at(image.data, image.bytes_per_line * image.height)
        screen = Screen(image.width, image.height, image.bytes_per_line, data)
        self._x.XFree(ctypes.c_void_p(image.data))
        self._x.XFree(ctypes.c_void_p(address))
        return screen


def wait_for(condition, what, timeout_s=30):
    """Returns what the condition gives once that is true; the time is a limit, not a measure."""
    end = time.monotonic() + timeout_s
    while not (result := condition()):
        assert time.monotonic() < end, f"never seen: {what}"
        time.sleep(SHORT_S)
    return result
