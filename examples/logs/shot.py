# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Saves a window as it looks, for the tests.

PyGObject cannot hand over nodes of GSK, so C is called for those.
"""

import ctypes

from gi.repository import Gtk

gtk = ctypes.CDLL("libgtk-4.so.1")
for name, result, *args in (
    ("gtk_snapshot_to_node", ctypes.c_void_p, ctypes.c_void_p),
    ("gsk_renderer_render_texture", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p),
    ("gdk_texture_save_to_png", ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p),
    ("gsk_render_node_unref", None, ctypes.c_void_p),
    ("g_object_unref", None, ctypes.c_void_p),
):
    getattr(gtk, name).restype = result
    getattr(gtk, name).argtypes = args


def save(window, path):
    """Writes a PNG file of the window. Returns whether that went well."""
    paintable = Gtk.WidgetPaintable.new(window)
    snapshot = Gtk.Snapshot()
    paintable.snapshot(snapshot, paintable.get_intrinsic_width(), paintable.get_intrinsic_height())
    # The hash of a GObject is where it is.
    node = gtk.gtk_snapshot_to_node(hash(snapshot))
    texture = gtk.gsk_renderer_render_texture(hash(window.get_renderer()), node, None)
    is_saved = gtk.gdk_texture_save_to_png(texture, path.encode())
    gtk.g_object_unref(texture)
    gtk.gsk_render_node_unref(node)
    return bool(is_saved)
