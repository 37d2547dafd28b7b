# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys

import gi

gi.require_version("Mpel", "1")
from gi.repository import Gio, GLib, GObject, Mpel  # noqa: E402


class Point(GObject.Object):
    __gtype_name__ = "DemoPoint"
    __gsignals__ = {"moved": (GObject.SignalFlags.RUN_LAST, None, (int, int))}

    x = GObject.Property(type=int)
    y = GObject.Property(type=int)

    def __init__(self, **properties):
        super().__init__(**properties)
        self.z = 0
        self._trail = Gio.ListStore.new(Point)  # where it has been
        self.connect("notify::x", Point.changed)
        self.connect("notify::y", Point.changed)

    @GObject.Property(type=str)
    def text(self):
        return f"({self.x}, {self.y})"

    @GObject.Property(type=Gio.ListModel)
    def trail(self):
        return self._trail

    def changed(self, pspec):
        self.notify("text")


def move(point, invocation, args, kwargs):
    invocation.check_args("(iii)")
    point.trail.append(Point(x=point.x, y=point.y))
    point.x, point.y, point.z = args.unpack()
    point.emit("moved", point.x, point.y)
    return GLib.Variant("()", ())


def get_z(point, invocation, args, kwargs):
    return GLib.Variant("i", point.z)


# An object that stays here: the host gets a proxy of it.
def neighbour(point, invocation, args, kwargs):
    return GLib.Variant("h", invocation.add_object(Point(x=point.x + 1, y=point.y)))


# An object among the arguments: the one that the host has a proxy of.
def distance(point, invocation, args, kwargs):
    invocation.check_args("(h)")
    other = invocation.lookup_object(*args.unpack())
    return GLib.Variant("i", abs(other.x - point.x) + abs(other.y - point.y))


# Before the first event.
def initialize(worker):
    worker.set_variable("origin", Point())
    return True


worker = Mpel.Worker.get_default()
worker.set_initializer(initialize)
worker.add_class(Point, "Point")
worker.add_method(Point, "move", move)
worker.add_method(Point, "get_z", get_z)
worker.add_method(Point, "neighbour", neighbour)
worker.add_method(Point, "distance", distance)
sys.exit(worker.run())
