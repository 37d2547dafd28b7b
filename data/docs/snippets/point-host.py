# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Its arguments are the command of a worker."""

import sys

import gi

gi.require_version("Mpel", "1")
from gi.repository import GLib, GObject, Mpel  # noqa: E402

main_loop = GLib.MainLoop()  # each of the stories runs it until it is over


class PointProxy(Mpel.Proxy):
    __gtype_name__ = "DemoPointProxy"
    __gsignals__ = {"moved": (GObject.SignalFlags.RUN_LAST, None, (int, int))}

    x = GObject.Property(type=int)
    y = GObject.Property(type=int)

    # What can only be read is kept by the proxy.
    @GObject.Property(type=str)
    def text(self):
        value = self.get_cached_property("text")
        return value.unpack() if value is not None else None


def point_new(loop):
    return PointProxy(loop=loop, remote_class="Point", getters=["get_z"])


# Of whatever type.
def print_point(point):
    print(f"{point.props.x}, {point.props.y}: {point.props.text}")


# It may be used at once, while its object is still being made.
def show_write(point):
    point.x = 5
    point.get_loop().wait()
    print_point(point)


def show_method(point):
    def moved(point, result):
        point.call_finish(result)
        print_point(point)
        print("z is", point.get_getter_value("get_z").unpack())
        main_loop.quit()

    point.connect("moved", lambda point, x, y: print(f"moved to {x}, {y}"))
    point.call_async("move", GLib.Variant("(iii)", (1, 2, 7)), None, None, moved)
    main_loop.run()


# No type is declared for this one: it has what the class in the worker has.
def show_runtime(loop):
    def made(source, result):
        print_point(Mpel.Proxy.new_finish(result))
        main_loop.quit()

    Mpel.Proxy.new_async(loop, "Point", GLib.Variant("a{sv}", {"x": GLib.Variant("i", 8)}), None, made)
    main_loop.run()


def show_variable(loop):
    def found(source, result):
        print_point(Mpel.Proxy.new_for_variable_finish(result))
        main_loop.quit()

    Mpel.Proxy.new_for_variable_async(loop, "origin", None, found)
    main_loop.run()


# The other point stays in the worker; only who it is travels back there.
def print_distance(point, other):
    event = Mpel.Event(object=point, target="distance")
    event.set_args(GLib.Variant("(h)", (event.add_object(other),)))
    point.get_loop().add_event(event)
    point.get_loop().wait()
    print("distance", event.get_results().unpack())


def show_returned(point):
    def returned(point, result):
        other = point.call_object_finish(result)
        print_point(other)
        print_distance(point, other)
        main_loop.quit()

    point.call_object_async("neighbour", None, None, None, returned)
    main_loop.run()


def show_list(point):
    def tell_state(trail, pspec):
        for point in trail:
            print_point(point)
        main_loop.quit()

    trail = Mpel.RemoteList.new(point, "trail", PointProxy)
    trail.connect("notify::state", tell_state)
    main_loop.run()


def show_state(point):
    print("ready" if point.get_state() == Mpel.ProxyState.READY else "gone")


loop = Mpel.EventLoop.new_with_launcher(Mpel.Launcher.new(sys.argv[1:]))
point = point_new(loop)
show_write(point)
show_method(point)
show_runtime(loop)
show_variable(loop)
Mpel.Proxy.register_type("Point", PointProxy)
show_returned(point)
show_list(point)
show_state(point)
loop.close(None)
show_state(point)
