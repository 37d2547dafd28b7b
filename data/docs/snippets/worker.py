# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

import sys

import gi

gi.require_version("Mpel", "1")
from gi.repository import Gio, GLib, GObject, Mpel  # noqa: E402


class Repeat(Mpel.Event):
    __gtype_name__ = "DemoRepeat"

    times = GObject.Property(type=GObject.TYPE_UINT, default=1)

    # In the worker.
    def do_run(self, invocation):
        (word,) = self.get_args().unpack()
        return GLib.Variant("s", word * self.times)


def shout(invocation, args, kwargs):
    (text,) = args.unpack()
    if not text:
        raise GLib.Error.new_literal(Gio.io_error_quark(), "nothing to shout", Gio.IOErrorEnum.INVALID_ARGUMENT)
    return GLib.Variant("s", text.upper())


def answer_later(invocation):
    def answer():
        invocation.return_value(GLib.Variant("s", "later"))
        return GLib.SOURCE_REMOVE

    GLib.timeout_add(10, answer)


def run_worker(worker):
    worker.add_function("shout", shout)
    worker.add_handler("answer_later", answer_later)
    worker.add_event_class(Repeat)
    return worker.run()


def print_end(event):
    error = event.get_error()
    print(f"failed: {error.message}" if error else event.get_results().unpack())
    return False


def run_host():
    loop = Mpel.EventLoop()
    loop.add_output_handler(print_end)
    loop.run(
        [
            Mpel.Event(target="answer_later"),
            Mpel.Event(target="shout", args=GLib.Variant("(s)", ("hello",))),
            Mpel.Event(target="shout", args=GLib.Variant("(s)", ("",))),
            Repeat(times=3, args=GLib.Variant("(s)", ("ha",))),
        ]
    )
    loop.close(None)


worker = Mpel.Worker.get_default()
if worker:
    sys.exit(run_worker(worker))
run_host()
