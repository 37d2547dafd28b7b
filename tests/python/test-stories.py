# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The stories of an event loop, through plain introspection: this script is host and worker."""

import gc
import os
import signal
import sys
import threading
import traceback

import gi
import tap

gi.require_version("Mpel", "1")
from gi.repository import Gio, GLib, GObject, Mpel  # noqa: E402

LOOP_ERROR = Mpel.loop_error_quark()
V = GLib.Variant


class Repeat(Mpel.Event):
    """Its run happens in the worker, with the properties that the host set."""

    __gtype_name__ = "TestPythonRepeat"

    word = GObject.Property(type=str)
    times = GObject.Property(type=int, default=1)

    def do_run(self, invocation):
        if self.times < 0:
            raise GLib.Error.new_literal(LOOP_ERROR, "less than nothing", Mpel.LoopError.INVALID_ARGUMENTS)
        (end,) = self.get_args().unpack()
        return V("(su)", (self.word * self.times + end, os.getpid()))


# What the worker can do.


def add(invocation, args, kwargs):
    return V("x", sum(args.unpack()) + kwargs.unpack().get("more", 0))


def fail(invocation, args, kwargs):
    raise GLib.Error.new_literal(Gio.io_error_quark(), "no such thing", Gio.IOErrorEnum.NOT_FOUND)


def stumble(invocation, args, kwargs):
    raise LookupError("this belongs on stderr; an answer it is not")


def say_nothing(invocation, args, kwargs):
    return None


def later(invocation):
    def answer():
        invocation.return_value(V("s", "later"))
        return GLib.SOURCE_REMOVE

    GLib.timeout_add(5, answer)


def in_thread(invocation):
    threading.Thread(target=lambda: invocation.return_value(V("t", threading.get_ident()))).start()


def divide(invocation):
    try:
        a, b = invocation.get_args().unpack()
        invocation.return_value(V("d", a / b))
    except Exception as exception:
        invocation.return_exception(type(exception).__name__, str(exception), traceback.format_exc())


def initialize(worker):
    if "TEST_REFUSE" in os.environ:
        raise GLib.Error.new_literal(Gio.io_error_quark(), os.environ["TEST_REFUSE"], Gio.IOErrorEnum.FAILED)
    worker.add_function("ident", lambda invocation, args, kwargs: V("t", threading.get_ident()))
    return True


kept = []


def run_worker(worker):
    worker.set_initializer(initialize)
    worker.add_function("add", add)
    worker.add_function("fail", fail)
    worker.add_function("stumble", stumble)
    worker.add_function("say_nothing", say_nothing)
    worker.add_handler("later", later)
    worker.add_handler("in_thread", in_thread)
    worker.add_handler("divide", divide)
    worker.add_handler("keep", kept.append)
    worker.add_handler("drop", lambda invocation: None)
    worker.add_handler("*", lambda invocation: invocation.return_value(V("s", invocation.get_target())))
    worker.add_event_class(Repeat)
    return worker.run()


# The host.


def describe(event):
    error = event.get_error()
    if error is not None:
        return f"{error.domain}:{error.code}: {error.message}"
    return event.get_results().unpack()


def assert_no_result(text):
    assert text.startswith(f"mpel-loop-error-quark:{int(Mpel.LoopError.NO_RESULT)}: "), text


def run_story(function, gone):
    loop, ends = Mpel.EventLoop.new(), []
    loop.weak_ref(gone.append, True)

    def collect(event):
        ends.append(describe(event))
        return False

    loop.add_output_handler(collect)
    try:
        function(loop, ends)
        tap.equal(loop.close(None), True)
        tap.equal(loop.get_state(), Mpel.EventLoopState.CLOSED)
    except BaseException:
        loop.terminate()
        raise


def story(function):
    """A test that is given a loop and a list of what ends on it. Nothing may be left of either."""

    def test():
        gone = []
        run_story(function, gone)
        gc.collect()
        while GLib.MainContext.default().iteration(False):
            pass
        tap.equal(gone, [True])
        tap.equal(tap.children(), [])

    test.__doc__ = function.__doc__
    return test


@story
def handlers(loop, ends):
    """Events come back in order, the failed one with its error"""
    signalled = []

    def on_event_done(emitter, event):
        signalled.append(describe(event))
        return False

    loop.connect("event-done", on_event_done)
    events = [
        loop.add_call("add", V("(xx)", (1, 2)), None),
        loop.add_call("fail", None, None),
        loop.add_call("add", V("(xx)", (3, 4)), V("a{sv}", {"more": V("x", 10)})),
        loop.add_call("say_nothing", V("()", ()), None),
    ]
    loop.wait(None)
    tap.equal(ends[:3], [3, "g-io-error-quark:1: no such thing", 17])
    assert_no_result(ends[3])
    tap.equal(signalled, ends)
    tap.equal([event.get_state().value_nick for event in events], ["done", "failed", "done", "failed"])
    tap.equal([event.__grefcount__ for event in events], [1] * 4)
    tap.equal([event.props.results is None for event in events], [False, True, False, True])


@story
def order_of_handlers(loop, ends):
    """A handler can be put first, stop the others, and be removed"""
    seen = []

    def first(event, word):
        seen.append((word, event.get_results().unpack()))
        return True

    identifier = loop.insert_output_handler(0, first, "stopped")
    loop.add_call("add", V("(x)", (1,)), None)
    loop.wait(None)
    tap.equal((seen, ends), ([("stopped", 1)], []))
    tap.equal(loop.remove_output_handler(identifier), True)
    loop.add_call("add", V("(x)", (2,)), None)
    loop.wait(None)
    tap.equal((len(seen), ends), (1, [2]))


def call(loop, target, args, cancellable=None):
    """Runs a target with the asynchronous pair. Returns its results and its event, or raises."""
    got = []
    loop.call_async(target, args, None, cancellable, lambda source, result: got.append(result))
    tap.iterate_until(lambda: got)
    return loop.call_finish(got[0]), loop.get_call_event(got[0])


@story
def calls(loop, ends):
    """An asynchronous call gives its caller results, or the worker's error"""
    results, event = call(loop, "add", V("(xx)", (20, 22)))
    tap.equal(results.unpack(), 42)
    tap.equal(event.get_results().unpack(), 42)
    try:
        call(loop, "fail", None)
        raise AssertionError("no error came")
    except GLib.Error as error:
        assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND)
        tap.equal(error.message, "no such thing")
    tap.equal(ends, [42, "g-io-error-quark:1: no such thing"])


@story
def cancelling(loop, ends):
    """A cancelled call ends at once, and the loop works on"""
    cancellable = Gio.Cancellable()
    cancellable.cancel()
    try:
        call(loop, "keep", None, cancellable)
        raise AssertionError("no error came")
    except GLib.Error as error:
        assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)
    tap.equal(call(loop, "echo", None)[0].unpack(), "echo")


@story
def event_class(loop, ends):
    """An event class runs in the worker, with the properties that were set in the host"""
    event = Repeat(word="ho", times=3, args=V("(s)", ("!",)))
    loop.add_event(event)
    loop.add_event(Repeat(times=-1))
    loop.wait(None)
    text, pid = ends[0]
    tap.equal(text, "hohoho!")
    tap.equal(pid, loop.get_worker_pid())
    tap.equal(ends[1], f"mpel-loop-error-quark:{int(Mpel.LoopError.INVALID_ARGUMENTS)}: less than nothing")
    tap.equal(event.__grefcount__, 1)


@story
def answering_later(loop, ends):
    """A handler may answer later, while the events behind it run"""
    loop.add_call("later", None, None)
    loop.add_call("echo", None, None)
    loop.add_call("drop", None, None)
    loop.wait(None)
    tap.equal((ends[0], ends[2]), ("echo", "later"))
    assert_no_result(ends[1])


@story
def threads(loop, ends):
    """A handler may answer from a thread of its own"""
    loop.add_call("ident", None, None)
    loop.add_call("in_thread", None, None)
    loop.wait(None)
    assert ends[0] != ends[1], ends


@story
def refusing_worker(loop, ends):
    """A worker whose initializer fails is not started, and its reason is told"""
    loop.get_launcher().setenv("TEST_REFUSE", "not today")
    event = loop.add_call("echo", None, None)
    loop.wait(None)
    assert event.get_error().matches(LOOP_ERROR, Mpel.LoopError.SPAWN_FAILED)
    assert "not today" in event.get_error().message, event.get_error().message
    loop.get_launcher().unsetenv("TEST_REFUSE")
    tap.equal(call(loop, "echo", None)[0].unpack(), "echo")


@story
def exceptions(loop, ends):
    """An exception arrives with its type, message and traceback"""
    good = loop.add_call("divide", V("(dd)", (1, 4)), None)
    bad = loop.add_call("divide", V("(dd)", (1, 0)), None)
    loop.wait(None)
    tap.equal(good.get_results().unpack(), 0.25)
    tap.equal((good.get_error(), good.get_remote_type(), good.get_traceback()), (None, None, None))
    assert bad.get_error().matches(LOOP_ERROR, Mpel.LoopError.REMOTE_EXCEPTION)
    tap.equal(bad.get_error().message, "ZeroDivisionError: float division by zero")
    tap.equal(bad.get_remote_type(), "ZeroDivisionError")
    assert "in divide" in bad.get_traceback(), bad.get_traceback()


@story
def lost_exceptions(loop, ends):
    """An exception that nobody catches in a callback is no answer, and hurts nothing"""

    # In a handler (not tried here) its event would not end: sys.last_traceback keeps the frame,
    # and with it the invocation. Handlers catch everything, as divide does.

    def stumble_over(event):
        raise LookupError("this belongs on stderr; the other handlers run")

    loop.insert_output_handler(0, stumble_over)
    loop.connect("event-done", lambda emitter, event: stumble_over(event))
    for target in ("stumble", "echo"):
        loop.add_call(target, None, None)
    loop.wait(None)
    assert_no_result(ends[0])
    tap.equal(ends[1:], ["echo"])
    # The same holds here for what its frames see, such as the loop.
    sys.last_value = sys.last_traceback = None


@story
def many(loop, ends):
    """Lists of events are added at once, and waited for; an event without output says nothing"""
    events = [Mpel.Event.new("add", V("(xx)", (i, 1)), None) for i in range(500)]
    loop.run_until_complete(events, None)
    tap.equal(ends, list(range(1, 501)))
    tap.equal({event.__grefcount__ for event in events}, {1})
    loop.run(events[:2])
    loop.add_event(Mpel.Event(target="echo", has_output=False))
    loop.wait(None)
    tap.equal(ends[500:], [1, 2])


@story
def keys(loop, ends):
    """A handler of event-done::key hears of events with that key only"""
    heard = []

    def on_blue(emitter, event):
        heard.append((event.get_event_key(), event.get_results().unpack()))
        return True

    loop.connect("event-done::blue", on_blue)
    for key in ("red", "blue", None):
        loop.add_event(Mpel.Event(target="echo", event_key=key))
    loop.wait(None)
    tap.equal(heard, [("blue", "echo")])
    tap.equal(ends, ["echo", "echo"])


@story
def lost_worker(loop, ends):
    """A killed worker ends its event, and the next event gets a new worker"""
    started, exited = [], []
    loop.connect("worker-started", lambda emitter, pid: started.append(pid))
    loop.connect("worker-exited", lambda emitter, pid, reason: exited.append((pid, reason)))
    event = loop.add_call("keep", None, None)
    tap.iterate_until(lambda: event.get_state() == Mpel.EventState.SENT)
    os.kill(loop.get_worker_pid(), signal.SIGKILL)
    loop.wait(None)
    tap.equal(event.get_state(), Mpel.EventState.LOST)
    assert event.get_error().matches(LOOP_ERROR, Mpel.LoopError.WORKER_LOST)
    tap.iterate_until(lambda: exited)
    assert exited[0][0] == started[0] and "signal 9" in exited[0][1].message, exited
    tap.equal(call(loop, "add", V("(x)", (5,)))[0].unpack(), 5)
    assert len(set(started)) == 2, started


@story
def closing(loop, ends):
    """A closed loop refuses events, and closing it again is no error"""
    loop.add_call("echo", None, None)
    loop.close(None)
    tap.equal(ends, ["echo"])
    try:
        loop.add_event(Mpel.Event.new("echo", None, None))
        raise AssertionError("no error came")
    except GLib.Error as error:
        assert error.matches(LOOP_ERROR, Mpel.LoopError.CLOSED)


@story
def bad_arguments(loop, ends):
    """Arguments that are no tuple are refused, not crashed on"""
    for event in (Mpel.Event.new("echo", V("s", "bare"), None), Mpel.Event(), Mpel.Event.new("echo", None, V("i", 1))):
        try:
            loop.add_event(event)
            raise AssertionError("no error came")
        except GLib.Error as error:
            assert error.matches(LOOP_ERROR, Mpel.LoopError.INVALID_ARGUMENTS)
    tap.equal(loop.get_n_pending(), 0)


def main():
    tap.run(
        handlers,
        order_of_handlers,
        calls,
        cancelling,
        event_class,
        answering_later,
        threads,
        refusing_worker,
        exceptions,
        lost_exceptions,
        many,
        keys,
        lost_worker,
        closing,
        bad_arguments,
    )


if __name__ == "__main__":
    worker = Mpel.Worker.get_default()
    if worker is not None:
        sys.exit(run_worker(worker))

    main()
