# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The seed's objects in a worker, through plain introspection: this script is host and worker.

Given a command it is the host of that worker.
"""

import gc
import os
import signal
import sys

import gi
import tap

gi.require_version("Mpel", "1")
from gi.repository import GLib, GObject, Mpel  # noqa: E402

LOOP_ERROR = Mpel.loop_error_quark()
State = Mpel.ProxyState
V = GLib.Variant

# What lives in the worker.

n_instances = 0


def count(instance):
    global n_instances

    def gone():
        global n_instances
        n_instances -= 1

    n_instances += 1
    instance.weak_ref(gone)


class Point(GObject.Object):
    __gtype_name__ = "TestPythonPoint"

    x = GObject.Property(type=int)
    y = GObject.Property(type=int)

    def __init__(self, **properties):
        super().__init__(**properties)
        self.z = 0
        count(self)

    @GObject.Signal(arg_types=(int, int))
    def moved(self, x, y):
        pass

    def get_z(self):
        return V("i", self.z)

    def set_z(self, z):
        self.z = z

    def move(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z
        self.emit("moved", x, y)

    def die(self):
        os.kill(os.getpid(), signal.SIGKILL)


class Abc(GObject.Object):
    __gtype_name__ = "TestAbc"

    a = GObject.Property(type=int)
    b = GObject.Property(type=int)
    c = GObject.Property(type=int)

    def __init__(self, **properties):
        super().__init__(**properties)
        count(self)

    def calc_c(self):
        self.c = self.a + self.b

    def __repr__(self):
        return f"ABC(a={self.a}, b={self.b}, c={self.c})"


def method(function):
    """A method as the worker calls it."""

    def call(instance, invocation, args, kwargs):
        result = function(instance, *args.unpack())
        return V("()", ()) if result is None else result

    return call


def neighbour(point, invocation, args, kwargs):
    return V("h", invocation.add_object(Point(x=point.x + 1, y=point.y)))


def print_all(invocation, args, kwargs):
    words = (args.get_child_value(i) for i in range(args.n_children()))
    return V("s", " ".join(str(invocation.lookup_object(w.get_handle()) if w.is_of_type(HANDLE) else w.unpack()) for w in words))


def named(invocation, args, kwargs):
    result = {}
    for name in kwargs.keys():
        value = kwargs.lookup_value(name, None)
        if value.is_of_type(HANDLE):
            value = V("h", invocation.add_object(invocation.lookup_object(value.get_handle())))
        result[name] = value
    return V("a{sv}", result)


def instances(invocation, args, kwargs):
    gc.collect()
    return V("(i)", (n_instances,))


HANDLE = GLib.VariantType.new("h")


def run_worker(worker):
    worker.add_class(Point, "Point")
    for function in (Point.get_z, Point.set_z, Point.move, Point.die):
        worker.add_method(Point, function.__name__, method(function))
    worker.add_method(Point, "neighbour", neighbour)
    worker.add_class(Abc, None)
    worker.add_method(Abc, "calc_c", method(Abc.calc_c))
    worker.add_function("print", print_all)
    worker.add_function("named", named)
    worker.add_function("instances", instances)
    return worker.run()


# The host.


class MpPoint(Mpel.Proxy):
    """What the host has of a point."""

    __gtype_name__ = "TestPythonMpPoint"

    x = GObject.Property(type=int)
    y = GObject.Property(type=int)

    def __init__(self, loop):
        super().__init__(loop=loop, remote_class="Point", getters=["get_z"])

    @GObject.Signal(arg_types=(int, int))
    def moved(self, x, y):
        pass

    def set_z(self, z):
        return self.call("set_z", V("(i)", (z,)), None)

    def get_z(self):
        z = self.get_getter_value("get_z")
        return z.unpack() if z is not None else None

    def move(self, x, y, z):
        return self.call("move", V("(iii)", (x, y, z)), None)


def loop_new():
    if len(sys.argv) > 1:
        return Mpel.EventLoop.new_with_launcher(Mpel.Launcher.new(sys.argv[1:]))
    return Mpel.EventLoop.new()


def results_of(loop, event):
    loop.add_event(event)
    loop.wait(None)
    assert event.get_error() is None, event.get_error()
    return event.get_results().unpack()


def count_instances(loop):
    gc.collect()
    return results_of(loop, Mpel.Event(target="instances"))[0]


def story(function):
    """A test that is given a loop. Nothing may be left of it, nor in its worker."""

    def test():
        loop, gone = loop_new(), []
        loop.weak_ref(gone.append, True)
        try:
            function(loop)
            tap.equal(count_instances(loop), 0)
            tap.equal(loop.close(None), True)
        except BaseException:
            loop.terminate()
            raise
        del loop
        gc.collect()
        while GLib.MainContext.default().iteration(False):
            pass
        tap.equal(gone, [True])
        tap.equal(tap.children(), [])

    test.__doc__ = function.__doc__
    return test


def wait_for(start, finish):
    """The result of something asynchronous: start is given a callback."""
    got = []
    start(lambda source, result: got.append(result))
    tap.iterate_until(lambda: got)
    return finish(got[0])


@story
def seed(loop):
    """The seed's proxy: nothing changes at once, all has changed when the method has ended"""
    seen = []
    p = MpPoint(loop)
    handler = loop.connect("event-done", lambda loop, event: seen.append((event.props.target, p.x)) and False)
    p.set_z(3)
    assert p.get_z() != 3
    loop.wait(None)
    tap.equal(p.get_z(), 3)
    p.move(1, 2, 7)
    tap.equal((p.x, p.y, p.get_z()), (0, 0, 3))
    loop.wait(None)
    tap.equal((p.x, p.y, p.get_z()), (1, 2, 7))
    tap.equal((p.props.x, p.get_property("y"), p.get_state()), (1, 2, State.READY))
    loop.disconnect(handler)
    tap.equal(seen, [("set_z", 0), ("move", 1)])
    tap.equal(count_instances(loop), 1)


@story
def both_ways(loop):
    """What is written here arrives; a signal of the object is one of the proxy; a call can be waited for"""
    moved, notified = [], []
    p = MpPoint(loop)
    p.connect("moved", lambda p, x, y: moved.append((x, y, p.x, p.y)))
    p.connect("notify::x", lambda p, pspec: notified.append(p.x))
    p.x = 11
    p.props.y = 12
    state = Mpel.Event.new_method(p, None, None, None)
    tap.equal(results_of(loop, state), {"x": 11, "y": 12})
    args = V("(iii)", (3, 4, 5))
    tap.equal(wait_for(lambda cb: p.call_async("move", args, None, None, cb), p.call_finish).unpack(), ())
    tap.equal((p.x, p.y, p.get_z()), (3, 4, 5))
    tap.equal(moved, [(3, 4, 3, 4)])
    tap.equal(notified, [11, 3])
    try:
        wait_for(lambda cb: p.call_async("nothing", None, None, None, cb), p.call_finish)
        raise AssertionError("no error came")
    except GLib.Error as error:
        assert error.matches(LOOP_ERROR, Mpel.LoopError.NO_SUCH_TARGET), error


@story
def runtime(loop):
    """Without a declaration the proxy has what the class has"""
    moved = []
    start = {"x": V("i", 21)}
    p = wait_for(lambda cb: Mpel.Proxy.new_async(loop, "Point", V("a{sv}", start), None, cb), Mpel.Proxy.new_finish)
    tap.equal((p.props.x, p.props.y, p.get_remote_class()), (21, 0, "Point"))
    p.connect("moved", lambda p, *where: moved.append(where))
    p.props.y = 22
    p.call("move", V("(iii)", (31, 32, 33)), None)
    loop.wait(None)
    tap.equal((p.props.x, p.get_property("y"), moved), (31, 32, [(31, 32)]))


@story
def returned(loop):
    """An object that a method returns is a proxy, and lives as long as that"""
    p = MpPoint(loop)
    other = wait_for(lambda cb: p.call_object_async("neighbour", None, None, None, cb), p.call_object_finish)
    tap.equal((other.get_remote_class(), other.props.x, p.x), ("Point", 1, 0))
    other.call("move", V("(iii)", (50, 51, 52)), None)
    loop.wait(None)
    tap.equal((other.props.x, p.x, count_instances(loop)), (50, 0, 2))

    event = Mpel.Event.new_method(p, "neighbour", None, None)
    third = Mpel.Proxy.get_for_result(event, results_of(loop, event))
    tap.equal(count_instances(loop), 3)
    del other, event
    tap.equal((count_instances(loop), third.get_state()), (2, State.READY))


@story
def variable(loop):
    """A proxy of a variable stands for the object that was saved"""
    p = MpPoint(loop)
    save = Mpel.Event(target="named", save_variables=True)
    save.set_kwargs(V("a{sv}", {"point": V("h", save.add_object(p))}))
    results_of(loop, save)
    same = wait_for(lambda cb: Mpel.Proxy.new_for_variable_async(loop, "point", None, cb), Mpel.Proxy.new_for_variable_finish)
    p.move(61, 62, 63)
    loop.wait(None)
    tap.equal(same.props.x, 61)
    tap.equal(results_of(loop, Mpel.Event.new_var("point", "get_z", None, None)), 63)
    forget = loop.save_variables(None, None, V("a{sv}", {"point": V("i", 0)}))
    loop.wait(None)
    tap.equal(forget.get_error(), None)
    tap.equal(results_of(loop, Mpel.Event.new_var("point", None, None, None)), 0)


@story
def lost(loop):
    """A proxy of a lost object keeps its last picture, and another one can be made"""
    states = []
    p = MpPoint(loop)
    p.connect("notify::state", lambda p, pspec: states.append(p.props.state))
    p.move(1, 2, 3)
    loop.wait(None)
    p.call("die", None, None)
    tap.iterate_until(lambda: p.get_state() == State.LOST)
    tap.equal(states, [State.READY, State.LOST])
    tap.equal((p.x, p.y), (1, 2))
    assert p.get_error().matches(LOOP_ERROR, Mpel.LoopError.WORKER_LOST), p.get_error()
    try:
        p.move(4, 5, 6)
        raise AssertionError("no error came")
    except GLib.Error as error:
        assert error.matches(LOOP_ERROR, Mpel.LoopError.WORKER_LOST), error
    loop.wait(None)
    other = MpPoint(loop)
    other.move(4, 5, 6)
    loop.wait(None)
    tap.equal((other.x, other.y, other.get_z()), (4, 5, 6))


def print_event(a, cache):
    event = Mpel.Event(target="print", cache=cache)
    event.set_args(V("(shs)", ("=====", event.add_object(a), "=====")))
    return event


@story
def cached(loop):
    """The seed's ABC: copies die with their event, the cached object is what it has become"""
    a = Abc(a=1, b=2, c=0)
    tap.equal(results_of(loop, print_event(a, False)), "===== ABC(a=1, b=2, c=0) =====")
    results_of(loop, Mpel.Event.new_method(a, "calc_c", None, None))
    tap.equal(results_of(loop, print_event(a, False)), "===== ABC(a=1, b=2, c=0) =====")
    loop.add_cache_event(a, "calc_c", None, None)
    tap.equal(results_of(loop, print_event(a, True)), "===== ABC(a=1, b=2, c=3) =====")
    tap.equal((loop.is_object_cached(a), a.c, count_instances(loop)), (True, 0, 1))
    state = loop.cache_object(a, True)
    loop.wait(None)
    tap.equal(state.update_object(), True)
    tap.equal(repr(a), "ABC(a=1, b=2, c=3)")


if __name__ == "__main__":
    worker = Mpel.Worker.get_default()
    if worker is not None:
        sys.exit(run_worker(worker))

    tap.run(seed, both_ways, runtime, returned, variable, lost, cached)
