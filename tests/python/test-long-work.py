# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Long work, through plain introspection: this script is host and worker."""

import collections
import gc
import itertools
import os
import signal
import sys
import tempfile
import threading

import gi
import tap

gi.require_version("Mpel", "1")
from gi.repository import Gio, GLib, Mpel  # noqa: E402

State = Mpel.EventState
V = GLib.Variant


# What the worker can do.


def cancelled():
    return GLib.Error.new_literal(Gio.io_error_quark(), "I was told to end", Gio.IOErrorEnum.CANCELLED)


def echo(invocation, args, kwargs):
    return args


def square(invocation, args, kwargs):
    (number,) = args.unpack()
    if number < 0:
        raise GLib.Error.new_literal(Gio.io_error_quark(), f"not {number}", Gio.IOErrorEnum.INVALID_ARGUMENT)
    return V("x", number * number)


def steps(invocation, args, kwargs):
    for i in range(5):
        invocation.report_progress(i / 4, f"step {i}")
    return V("()", ())


def compute(invocation, args, kwargs):
    """Computes until it is cancelled, and asks for that itself."""
    cancellable = invocation.get_cancellable()
    number = 0
    while not cancellable.is_cancelled():
        invocation.report_progress(0.5, "computing")
        number = (number * 31 + 7) % 1000003
    raise cancelled()


def compute_and_hear(invocation, args, kwargs):
    """Computes in this thread, and hears in another that it is cancelled."""
    threads = []
    cancellable = invocation.get_cancellable()
    cancellable.connect(lambda *unused: threads.append(threading.get_ident()))
    invocation.report_progress(0.5, None)
    number = 0
    while not threads:
        number = (number * 31 + 7) % 1000003
    return V("(bb)", (cancellable.is_cancelled(), threads[0] == threading.get_ident()))


def spin(invocation, args, kwargs):
    """Does not cooperate."""
    invocation.report_progress(0.5, "spinning")
    while True:
        pass


def wait_for_pipe(invocation, args, kwargs):
    """Returns when the host has opened the pipe for writing."""
    (path,) = args.unpack()
    with open(path, "rb"):
        return V("()", ())


def count(invocation):
    """A generator: up to a number, or without end."""
    (end,) = invocation.get_args().unpack()
    numbers = itertools.count() if end < 0 else iter(range(end))

    def make_next(invocation):
        number = next(numbers, None)
        return V("x", number) if number is not None else None

    invocation.set_generator(make_next)


def count_later(invocation):
    """Yields when there is room and answers last, while the events behind it run."""
    (end,) = invocation.get_args().unpack()

    def on_yielded(invocation, result, number):
        try:
            invocation.yield_value_finish(result)
        except GLib.Error as error:
            invocation.return_gerror(error)
            return
        go_on(number + 1)

    def go_on(number):
        if number == end:
            invocation.return_value(V("s", "counted"))
        else:
            invocation.yield_value_async(V("x", number), None, on_yielded, number)

    go_on(0)


def in_thread(invocation):
    """Yields from a thread, which waits when there is no room, and answers from it."""

    def work():
        try:
            for number in itertools.count():
                invocation.yield_value(V("x", number))
        except GLib.Error as error:
            invocation.return_gerror(error)

    threading.Thread(target=work).start()


def answer_cancel(invocation):
    """Answers when it hears that it is cancelled, in whatever thread that is."""
    invocation.get_cancellable().connect(lambda *unused: invocation.return_gerror(cancelled()))


kept = set()


def hear(invocation):
    """Answers when it is told in the main context that it is cancelled; to be connected keeps nothing alive."""
    kept.add(invocation)
    main_thread = threading.get_ident()

    def on_cancelled(invocation):
        assert threading.get_ident() == main_thread and invocation.get_cancellable().is_cancelled()
        kept.remove(invocation)
        invocation.return_gerror(cancelled())

    invocation.connect("cancelled", on_cancelled)


def run_worker(worker):
    for function in (echo, square, steps, compute, compute_and_hear, spin, wait_for_pipe):
        worker.add_function(function.__name__, function)
    for handler in (count, count_later, in_thread, answer_cancel, hear):
        worker.add_handler(handler.__name__, handler)
    return worker.run()


# The host.


class Watch:
    """What became of each event of a loop, by the event itself."""

    def __init__(self, loop):
        self.ends, self.progress, self.values = [], [], collections.defaultdict(list)
        loop.connect("event-done", self.on_done)
        loop.connect("event-progress", lambda loop, event: self.progress.append((event, event.get_progress())))
        loop.connect("event-yield", lambda loop, event, value: self.values[event].append(value.unpack()))

    def on_done(self, loop, event):
        assert event.is_ended()
        self.ends.append(event)
        return False

    def has_progress(self, event):
        return any(seen is event for seen, fraction in self.progress)

    def assert_ended_once(self, events):
        tap.equal([self.ends.count(event) for event in events], [1] * len(events))
        tap.equal(len(self.ends), len(events))


def assert_io_error(event, code):
    assert event.get_error().matches(Gio.io_error_quark(), code), event.get_error()


def next_value(event):
    got = []
    event.next_async(None, lambda event, result: got.append(result))
    tap.iterate_until(lambda: got)
    return event.next_finish(got[0])


def values_of(event):
    """The values of an event that is pulled, for a loop."""
    while (value := next_value(event)) is not None:
        yield value.unpack()


def run_story(function, loop, gone):
    loop.weak_ref(gone.append, True)
    try:
        function(loop, Watch(loop))
        tap.equal(loop.close(None), True)
    except BaseException:
        loop.terminate()
        raise


def story(make_loop):
    """A test that is given a loop and what is seen of it. Nothing may be left of either."""

    def decorate(function):
        def test():
            gone = []
            run_story(function, make_loop(), gone)
            gc.collect()
            while GLib.MainContext.default().iteration(False):
                pass
            tap.equal(gone, [True])
            tap.equal(tap.children(), [])

        test.__doc__ = function.__doc__
        return test

    return decorate


def pull_two_and_cancel(event):
    got = []
    for value in values_of(event):
        got.append(value)
        if len(got) == 2:
            break
    event.cancel()
    try:
        value = next_value(event)
        raise AssertionError(f"{value} came, but no error")
    except GLib.Error as error:
        assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED), error
    return got


@story(Mpel.EventLoop.new)
def ten_events(loop, watch):
    """Ten events end each in its own way, and each once"""
    loop.set_cancel_grace(0)
    plain = loop.add_call("echo", V("(x)", (1,)), None)
    stepping = loop.add_call("steps", None, None)
    fractions = []
    stepping.connect("notify::progress", lambda event, pspec: fractions.append(event.get_progress()))
    later = loop.add_call("count_later", V("(x)", (3,)), None)
    stream = loop.add_stream("count", V("(x)", (-1,)), None)
    queued = loop.add_call("echo", None, None)
    tap.equal(queued.get_state(), State.QUEUED)
    queued.cancel()
    tap.equal((queued.get_state(), watch.ends), (State.CANCELLED, []))
    tap.equal(pull_two_and_cancel(stream), [0, 1])

    running = loop.add_call("compute", None, None)
    late = Mpel.Event(target="compute", timeout=200)
    loop.add_event(late)
    tap.iterate_until(lambda: watch.has_progress(running))
    running.cancel()
    loop.wait(None)
    first_pid = loop.get_worker_pid()

    stubborn = loop.add_call("spin", None, None)
    behind = [loop.add_call("echo", V("(x)", (2,)), None), loop.add_call("count_later", V("(x)", (1,)), None)]
    tap.iterate_until(lambda: watch.has_progress(stubborn))
    loop.set_cancel_grace(1)
    stubborn.cancel()
    loop.wait(None)
    assert loop.get_worker_pid() not in (0, first_pid)

    watch.assert_ended_once([plain, stepping, later, stream, queued, running, late, stubborn] + behind)
    for event in (plain, stepping, later, *behind):
        tap.equal((event.get_state(), event.get_error()), (State.DONE, None))
    for event in (stream, queued, running, stubborn):
        tap.equal((event.get_state(), event.get_results()), (State.CANCELLED, None))
        assert_io_error(event, Gio.IOErrorEnum.CANCELLED)
    tap.equal(late.get_state(), State.FAILED)
    assert_io_error(late, Gio.IOErrorEnum.TIMED_OUT)

    tap.equal((stepping.get_progress(), stepping.get_progress_message()), (1.0, "step 4"))
    assert fractions == sorted(fractions) and fractions[-1] == 1.0, fractions
    tap.equal(watch.values[later], [0, 1, 2])
    tap.equal(behind[0].get_results().unpack(), (2,))
    tap.equal(watch.values[behind[1]], [0])


@story(lambda: Mpel.Pool.new(2))
def mapping(pool, watch):
    """A pool maps in order, and tells what its workers did"""
    numbers = V("ax", range(40))
    tap.equal(pool.map("square", numbers, Mpel.MapPolicy.STOP, None).unpack(), [i * i for i in range(40)])
    statistics = pool.get_statistics().unpack()
    tap.equal(sum(worker["n-ended"] for worker in statistics), 40)
    tap.equal(sum(worker["n-pending"] for worker in statistics), 0)
    assert 1 <= len(statistics) <= 2 and pool.get_n_workers() == 2, statistics

    got = []
    pool.map_async("square", V("ax", (3, -1, 4)), Mpel.MapPolicy.SKIP, None, lambda pool, result: got.append(result))
    tap.iterate_until(lambda: got)
    tap.equal(pool.map_finish(got[0]).unpack(), [9, None, 16])
    try:
        pool.map("square", V("ax", (-1, -2)), Mpel.MapPolicy.FINISH, None)
        raise AssertionError("no error came")
    except GLib.Error as error:
        tap.equal(error.message, "not -1")
    watch.assert_ended_once(set(watch.ends))
    tap.equal(len(watch.ends), 45)


@story(lambda: Mpel.Pool.new(2))
def crash_in_pool(pool, watch):
    """A worker of a pool that dies takes only its own event along"""
    events = [pool.add_call("spin", None, None), pool.add_call("compute", None, None)]
    tap.iterate_until(lambda: all(watch.has_progress(event) for event in events))
    pids = [worker["pid"] for worker in pool.get_statistics().unpack()]
    tap.equal(len(set(pids)), 2)
    os.kill(pids[0], signal.SIGKILL)
    tap.iterate_until(lambda: watch.ends)
    tap.equal(watch.ends[0].get_state(), State.LOST)
    tap.equal(sorted(event.is_ended() for event in events), [False, True])
    pool.set_cancel_grace(1)
    pool.cancel_all()
    pool.wait(None)
    tap.equal(watch.ends[1].get_state(), State.CANCELLED)
    watch.assert_ended_once(events)


@story(Mpel.EventLoop.new)
def endless_generator(loop, watch):
    """What an endless generator yields is handled as it comes, beside others, until it is cancelled"""
    endless = loop.add_call("count", V("(x)", (-1,)), None)
    beside = [loop.add_call("count", V("(x)", (500,)), None), loop.add_call("echo", None, None)]
    tap.iterate_until(lambda: len(watch.values[endless]) >= 1000 and all(event.is_ended() for event in beside))
    endless.cancel()
    seen = list(watch.values[endless])
    loop.wait(None)
    tap.equal(seen, list(range(len(seen))))
    tap.equal(watch.values[endless], seen)
    tap.equal(watch.values[beside[0]], list(range(500)))
    tap.equal([event.get_state() for event in beside], [State.DONE] * 2)
    tap.equal(endless.get_state(), State.CANCELLED)
    watch.assert_ended_once([endless] + beside)


@story(Mpel.EventLoop.new)
def threads(loop, watch):
    """A thread of the worker waits for room, and its stream can be stopped"""
    stream = loop.add_stream("in_thread", None, None)
    unread = loop.add_stream("in_thread", None, None)
    loop.run_until_complete([Mpel.Event(target="echo")], None)
    tap.equal(list(itertools.islice(values_of(stream), 1000)), list(range(1000)))
    for event in (stream, unread):
        event.cancel()
    loop.wait(None)
    tap.equal([stream.get_state(), unread.get_state()], [State.CANCELLED] * 2)


@story(Mpel.EventLoop.new)
def cancels_while_computing(loop, watch):
    """A computing worker hears of 200 cancels, by asking and by a handler in another thread"""
    events = [loop.add_call(("compute", "compute_and_hear")[i % 2], None, None) for i in range(200)]
    for event in events:
        tap.iterate_until(lambda: watch.has_progress(event))
        event.cancel()
    loop.wait(None)
    watch.assert_ended_once(events)
    tap.equal({event.get_state() for event in events[::2]}, {State.CANCELLED})
    tap.equal({event.get_results().unpack() for event in events[1::2]}, {(True, False)})


@story(Mpel.EventLoop.new)
def cancels_beside_computing(loop, watch):
    """Handlers that wait are cancelled while another event computes, or told when it is through"""
    hearing = [loop.add_call("hear", None, None) for i in range(20)]
    waiting = [loop.add_call("answer_cancel", None, None) for i in range(200)]
    computing = loop.add_call("compute", None, None)
    tap.iterate_until(lambda: watch.has_progress(computing))
    for event in hearing + waiting:
        event.cancel()
    tap.iterate_until(lambda: all(event in watch.ends for event in waiting))
    tap.equal((len(watch.ends), computing.is_ended()), (200, False))
    computing.cancel()
    loop.wait(None)
    watch.assert_ended_once(hearing + waiting + [computing])
    tap.equal({event.get_state() for event in watch.ends}, {State.CANCELLED})


def list_story(loop, watch, pipe):
    model, changes = loop.get_events(), []
    model.connect("items-changed", lambda model, *change: changes.append(change))
    tap.equal((model.get_item_type().name, model.get_n_items()), ("MpelEvent", 0))
    events = [loop.add_call("wait_for_pipe", V("(s)", (pipe,)), None)]
    events += [loop.add_call("steps", None, None), Mpel.Event(target="echo", event_key="last")]
    loop.add_event(events[2])
    tap.iterate_until(lambda: changes)
    tap.equal((changes, model.get_n_items()), ([(0, 0, 3)], 3))
    tap.equal([model.get_item(i) for i in range(4)], events + [None])
    tap.equal([item.props.target for item in model], ["wait_for_pipe", "steps", "echo"])
    tap.equal([item.props.progress for item in model], [0.0] * 3)

    tap.iterate_until(lambda: events[0].props.state == State.SENT)
    open(pipe, "wb").close()
    loop.wait(None)
    tap.equal([item.props.state for item in model], [State.DONE] * 3)
    tap.equal([item.props.progress for item in model], [0.0, 1.0, 0.0])
    tap.equal([item.props.event_key for item in model], [None, None, "last"])
    for i in range(100):
        loop.add_call("echo", None, None)
    loop.wait(None)
    tap.iterate_until(lambda: model.get_n_items() == 100)
    tap.equal({item.props.target for item in model}, {"echo"})
    tap.equal(sum(added - removed for position, removed, added in changes), 100)


@story(Mpel.EventLoop.new)
def list_model(loop, watch):
    """The list of events shows those that are pending and the last hundred that ended"""
    with tempfile.TemporaryDirectory() as folder:
        pipe = os.path.join(folder, "pipe")
        os.mkfifo(pipe)
        list_story(loop, watch, pipe)


def main():
    tap.run(
        ten_events,
        mapping,
        crash_in_pool,
        endless_generator,
        threads,
        cancels_while_computing,
        cancels_beside_computing,
        list_model,
    )


if __name__ == "__main__":
    worker = Mpel.Worker.get_default()
    if worker is not None:
        sys.exit(run_worker(worker))

    main()
