# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys

import gi

gi.require_version("Mpel", "1")
from gi.repository import Gio, GLib, Mpel  # noqa: E402


def scan(invocation, args, kwargs):
    (steps,) = args.unpack()
    cancellable = invocation.get_cancellable()
    for step in range(steps):
        cancellable.set_error_if_cancelled()
        # Here is a piece of the work.
        invocation.report_progress((step + 1) / steps, "scanning")
    return GLib.Variant("u", steps)


def squares(invocation, args, kwargs):
    (n,) = args.unpack()
    for i in range(1, n + 1):
        invocation.yield_value(GLib.Variant("u", i * i))
    return GLib.Variant("()", ())


def make_count(n):
    while n > 0:
        yield GLib.Variant("u", n)
        n -= 1


def count_down(invocation, args, kwargs):
    values = make_count(*args.unpack())
    invocation.set_generator(lambda *_: next(values, None))


waiting = set()  # who has connected to an invocation does not keep it


def cancelled(invocation):
    waiting.discard(invocation)
    invocation.return_gerror(
        GLib.Error.new_literal(Gio.io_error_quark(), "not wanted any more", Gio.IOErrorEnum.CANCELLED)
    )


def wait_for_cancel(invocation):
    waiting.add(invocation)
    invocation.connect("cancelled", cancelled)


def echo(invocation, args, kwargs):
    return args.get_child_value(0)


worker = Mpel.Worker.get_default()
worker.add_function("scan", scan)
worker.add_function("squares", squares)
worker.add_function("count-down", count_down)
worker.add_handler("wait", wait_for_cancel)
worker.add_function("echo", echo)
sys.exit(worker.run())
