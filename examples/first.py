#!/usr/bin/python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later
import sys
import traceback
import gi
gi.require_version("Mpel", "1")
from gi.repository import GLib, Mpel


def add_fractions(invocation):  # in the worker, where it may take its time
    try:
        text, = invocation.get_args().unpack()
        result = sum(1 / n for n in range(int(text), 0, -1))
        invocation.return_value(GLib.Variant("d", result))
    except Exception as error:  # it must not leave the function: nobody would hear of it
        invocation.return_exception(type(error).__name__, str(error), traceback.format_exc())


def answered(loop, result):  # in the host, when the worker has answered
    try:
        print(f"{loop.call_finish(result).unpack():.9f}")
    except GLib.Error as error:
        print("no sum:", error.message, file=sys.stderr)
    main_loop.quit()


if worker := Mpel.Worker.get_default():
    worker.add_handler("add_fractions", add_fractions)
    sys.exit(worker.run())
main_loop = GLib.MainLoop()
loop = Mpel.EventLoop.new()
arguments = GLib.Variant("(s)", (sys.argv + ["5000000"])[1:2])
loop.call_async("add_fractions", arguments, None, None, answered)
main_loop.run()
