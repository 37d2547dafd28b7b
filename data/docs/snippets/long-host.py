# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Its arguments are the command of a worker."""

import sys

import gi

gi.require_version("Mpel", "1")
from gi.repository import Gio, GLib, Mpel  # noqa: E402

N_EVENTS = 20
MAX_PENDING = 8


def number(n):
    return GLib.Variant("(u)", (n,))


def print_end(event):
    error = event.get_error()
    if error is None:
        print(event.get_results().unpack() or "done")
    elif error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED):
        print("cancelled")
    elif error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT):
        print("too late")
    else:
        print("failed:", error.message)


def print_key(loop, event):
    print(event.get_event_key())
    return False


def show_priorities(loop):
    handler = loop.connect("event-done", print_key)
    for key, priority in ("usual", 0), ("urgent", 10):
        loop.add_event(Mpel.Event(target="echo", args=GLib.Variant("(s)", (key,)), event_key=key, priority=priority))
    loop.wait()
    loop.disconnect(handler)


def show_progress(loop):
    fractions = []
    event = Mpel.Event(target="scan", args=number(4))
    event.connect("notify::progress", lambda event, _: fractions.append(event.get_progress()))
    loop.add_event(event)
    loop.wait()
    assert fractions[-1] == 1
    print_end(event)


def show_cancel(loop):
    handler = loop.connect("event-progress", lambda loop, event: event.cancel())
    event = loop.add_call("scan", number(GLib.MAXUINT32), None)
    loop.wait()
    print_end(event)
    loop.disconnect(handler)


def show_deadline(loop):
    event = Mpel.Event(target="wait", timeout=100)
    loop.add_event(event)
    loop.wait()
    print_end(event)


def show_push(loop):
    handler = loop.connect("event-yield", lambda loop, event, value: print("value", value.unpack()))
    event = loop.add_call("squares", number(3), None)
    loop.wait()
    print_end(event)
    loop.disconnect(handler)


def show_pull(loop):
    main_loop = GLib.MainLoop()

    def got(event, result):
        value = event.next_finish(result)  # raises what the event failed with
        if value is None:
            main_loop.quit()
            return
        print("asked for", value.unpack())
        event.next_async(None, got)

    event = loop.add_stream("count-down", number(3), None)
    event.next_async(None, got)
    main_loop.run()


def show_bound(loop):
    numbers = iter(range(N_EVENTS))

    def feed(loop):
        while loop.get_can_add() and (n := next(numbers, None)) is not None:
            loop.add_call("echo", number(n), None)

    handler = loop.connect("drained", feed)
    loop.set_max_pending(MAX_PENDING)
    feed(loop)
    loop.wait()
    print(f"{N_EVENTS} events, {MAX_PENDING} at a time")
    loop.disconnect(handler)


def show_list(loop):
    events = loop.get_events()
    loop.add_call("echo", number(1), None)
    loop.add_call("scan", number(1), None)
    loop.wait()
    for event in events:
        print(f"{event.get_target()}: {'ended' if event.is_ended() else 'pending'}")


def show_map(launcher):
    pool = Mpel.Pool.new_with_launcher(launcher, 2)
    results = pool.map("echo", GLib.Variant("au", [1, 2, 3]), Mpel.MapPolicy.STOP, None)
    for result in results.unpack():
        print("result", result)
    pool.close(None)


launcher = Mpel.Launcher.new(sys.argv[1:])
loop = Mpel.EventLoop.new_with_launcher(launcher)
show_priorities(loop)
show_progress(loop)
show_cancel(loop)
show_deadline(loop)
show_push(loop)
show_pull(loop)
show_bound(loop)
show_list(loop)
loop.close(None)
show_map(launcher)
