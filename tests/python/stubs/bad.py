# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Mistakes of users. What is marked “error:” is found whatever else is installed, and what is marked
“beside:” when PyGObject-stubs is; no other line is. It is never run."""

from gi.repository import Gio, GLib, Mpel

loop = Mpel.EventLoop()
event = loop.add_event(print, 1)
pool = Mpel.Pool()
launcher = Mpel.Launcher()
cancellable = Gio.Cancellable()

Mpel.EventLoop(name=3)  # error: a name is text
Mpel.EventLoop(max_pendings=3)  # error: no such property
Mpel.EventLoop(can_add=True)  # error: can only be read
loop.add_event(3)  # error: cannot be called
loop.add_event()  # error: nothing to call
loop.add_event(print, event_key=3)  # error: a key is text
text: str = loop.get_n_pending()  # error: a number
number: int = event.event_key  # error: text, or None
loop.set_max_pending("many")  # error: a number
loop.set_max_pending()  # error: how many?
loop.props.can_add = True  # error: can only be read
loop.remove_output_handler("handler")  # error: neither a handler nor an id
loop.add_output_handler(3)  # error: cannot be called
loop.run_until_complete(output_handlers=3)  # beside: cannot be called
Mpel.add_event(print, start_loop=3)  # error: true or false
Mpel.use(3)  # error: a name or a module
Mpel.get_event_loop(handler=print)  # error: output_handlers
Mpel.EventLoop.get_default().call_async("target", callback=3)  # error: cannot be called
Mpel.EventState.DONE + event.event_key  # beside: numbers and text
Mpel.Pool(workers=3)  # error: n_workers
pool.map(print, 3)  # error: many, not one
text = next(pool.map(len, ["text"]))  # error: a number
Mpel.Launcher(argv=[1])  # error: text
launcher.setenv("NAME", 1)  # error: text
Mpel.RemoteError()  # error: its type
for name in launcher.get_argv():  # error: may be None
    pass
with loop as found:
    found.set_name(1)  # error: text
loop.no_such_method()  # beside: only a GObject may have others
Mpel.no_such_class()  # error: of ours are all known
loop.wait("text")  # beside: a Gio.Cancellable
loop.connect("event-done", 3)  # error: cannot be called
loop.add_call("target", 3)  # beside: a GLib.Variant
answer: GLib.Variant = loop.start()  # beside: true or false
loop.submit(len, 3)  # error: has no length
loop.call(len, "text", 3)  # error: takes one argument
text = loop.submit(len, "text").result()  # error: a number
for text in loop.stream(range, 3):  # error: numbers
    pass
loop.stream(len, "text")  # error: gives no values
loop.call_with(len, ("text",), progress=3)  # error: cannot be called
loop.call_with(len, ("text",), timeouts=3)  # error: no such wish
Mpel.spawn(print)  # error: no coroutine
launcher.props.timeout  # error: start_timeout
loop.props.max_pending = "many"  # error: a number
worker = Mpel.Worker.get_default()
worker.run()  # error: may be None
