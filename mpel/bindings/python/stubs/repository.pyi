# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

# What other modules of gi.repository are, when they have types of their own, such as those of
# PyGObject-stubs, and anything otherwise. mypy finds the former by itself, also in other folders;
# pyright, which is what editors use, is told by name.
from typing import Any

MYPY = False  # for mypy it is always true
if not MYPY:
    import gi.repository.Adw as Adw
    import gi.repository.AppIndicator3 as AppIndicator3
    import gi.repository.Atk as Atk
    import gi.repository.Atspi as Atspi
    import gi.repository.AyatanaAppIndicator3 as AyatanaAppIndicator3
    import gi.repository.Flatpak as Flatpak
    import gi.repository.GExiv2 as GExiv2
    import gi.repository.GIRepository as GIRepository
    import gi.repository.GLib as GLib
    import gi.repository.GLibUnix as GLibUnix
    import gi.repository.GModule as GModule
    import gi.repository.GObject as GObject
    import gi.repository.GSound as GSound
    import gi.repository.GUdev as GUdev
    import gi.repository.Gdk as Gdk
    import gi.repository.GdkPixbuf as GdkPixbuf
    import gi.repository.GdkWayland as GdkWayland
    import gi.repository.GdkX11 as GdkX11
    import gi.repository.Geoclue as Geoclue
    import gi.repository.Gio as Gio
    import gi.repository.GioUnix as GioUnix
    import gi.repository.Gly as Gly
    import gi.repository.GlyGtk4 as GlyGtk4
    import gi.repository.Goa as Goa
    import gi.repository.Graphene as Graphene
    import gi.repository.Gsk as Gsk
    import gi.repository.Gst as Gst
    import gi.repository.GstApp as GstApp
    import gi.repository.GstAudio as GstAudio
    import gi.repository.GstBase as GstBase
    import gi.repository.GstPbutils as GstPbutils
    import gi.repository.GstVideo as GstVideo
    import gi.repository.Gtk as Gtk
    import gi.repository.GtkSource as GtkSource
    import gi.repository.Handy as Handy
    import gi.repository.IBus as IBus
    import gi.repository.JavaScriptCore as JavaScriptCore
    import gi.repository.Manette as Manette
    import gi.repository.Notify as Notify
    import gi.repository.OSTree as OSTree
    import gi.repository.Panel as Panel
    import gi.repository.Pango as Pango
    import gi.repository.PangoCairo as PangoCairo
    import gi.repository.Poppler as Poppler
    import gi.repository.Rsvg as Rsvg
    import gi.repository.Secret as Secret
    import gi.repository.Shumate as Shumate
    import gi.repository.Soup as Soup
    import gi.repository.Spelling as Spelling
    import gi.repository.Vte as Vte
    import gi.repository.WebKit as WebKit
    import gi.repository.WebKit2 as WebKit2
    import gi.repository.Xdp as Xdp
    import gi.repository.XdpGtk4 as XdpGtk4
    import gi.repository.cairo as cairo

    __all__ = [
        "Adw",
        "AppIndicator3",
        "Atk",
        "Atspi",
        "AyatanaAppIndicator3",
        "Flatpak",
        "GExiv2",
        "GIRepository",
        "GLib",
        "GLibUnix",
        "GModule",
        "GObject",
        "GSound",
        "GUdev",
        "Gdk",
        "GdkPixbuf",
        "GdkWayland",
        "GdkX11",
        "Geoclue",
        "Gio",
        "GioUnix",
        "Gly",
        "GlyGtk4",
        "Goa",
        "Graphene",
        "Gsk",
        "Gst",
        "GstApp",
        "GstAudio",
        "GstBase",
        "GstPbutils",
        "GstVideo",
        "Gtk",
        "GtkSource",
        "Handy",
        "IBus",
        "JavaScriptCore",
        "Manette",
        "Notify",
        "OSTree",
        "Panel",
        "Pango",
        "PangoCairo",
        "Poppler",
        "Rsvg",
        "Secret",
        "Shumate",
        "Soup",
        "Spelling",
        "Vte",
        "WebKit",
        "WebKit2",
        "Xdp",
        "XdpGtk4",
        "cairo",
    ]

def __getattr__(name: str) -> Any: ...
