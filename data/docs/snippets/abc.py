# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys

import gi

gi.require_version("Mpel", "1")
from gi.repository import GLib, GObject, Mpel  # noqa: E402


# Both processes know the class: they are the same program.
class Abc(GObject.Object):
    __gtype_name__ = "DemoAbc"

    a = GObject.Property(type=int)
    b = GObject.Property(type=int)
    c = GObject.Property(type=int)

    def __str__(self):
        return f"ABC(a={self.a}, b={self.b}, c={self.c})"


# In the worker: a method …
def calc_c(abc, invocation, args, kwargs):
    abc.c = abc.a + abc.b
    return GLib.Variant("()", ())


# … and a function that is given an object.
def describe(invocation, args, kwargs):
    (handle,) = args.unpack()
    return GLib.Variant("s", str(invocation.lookup_object(handle)))


# What it returns is saved under these names.
def prepare(invocation, args, kwargs):
    handle = invocation.add_object(Abc(a=20, b=22))
    return GLib.Variant("a{sv}", {"sum": GLib.Variant("h", handle), "limit": GLib.Variant("i", 100)})


def run_worker(worker):
    worker.add_class(Abc)
    worker.add_method(Abc, "calc_c", calc_c)
    worker.add_function("describe", describe)
    worker.add_function("prepare", prepare)
    return worker.run()


# In the host.
def add_describe(loop, abc, cache):
    event = Mpel.Event(target="describe", cache=cache)
    event.set_args(GLib.Variant("(h)", (event.add_object(abc),)))
    loop.add_event(event)


def show_copies(loop, abc):
    loop.add_event(Mpel.Event(object=abc, target="calc_c"))
    add_describe(loop, abc, False)  # c is 0: what was computed was another copy
    loop.wait()


def show_cached(loop, abc):
    loop.add_cache_event(abc, "calc_c", None, None)
    add_describe(loop, abc, True)  # c is 3
    loop.wait()


def show_update(loop, abc):
    state = loop.cache_object(abc, True)
    loop.wait()
    state.update_object()
    print("here:", abc)


def show_re_register(loop, abc):
    abc.a = 10
    add_describe(loop, abc, True)  # a is still 1 there
    loop.re_register(abc, False)
    add_describe(loop, abc, True)
    loop.wait()


def show_variables(loop):
    loop.save_variables("prepare", None, None)
    loop.add_var_event("sum", "calc_c", None, None)
    total = loop.add_var_event("sum", None, None, None)
    limit = loop.add_var_event("limit", None, None, None)
    loop.wait()
    print(f"c is {total.get_results().unpack()['c']}, limit is {limit.get_results().unpack()}")


def print_end(event):
    if event.get_error():
        print("failed:", event.get_error().message)
    elif event.get_results().get_type_string() == "s":
        print(event.get_results().unpack())
    return False


def run_host():
    loop = Mpel.EventLoop.new()  # whose methods take what those of C take
    abc = Abc(a=1, b=2)
    loop.add_output_handler(print_end)
    show_copies(loop, abc)
    show_cached(loop, abc)
    show_update(loop, abc)
    show_re_register(loop, abc)
    show_variables(loop)
    loop.close(None)


worker = Mpel.Worker.get_default()
if worker:
    sys.exit(run_worker(worker))
run_host()
