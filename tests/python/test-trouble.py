# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What goes wrong in programs, and may not make it worse: nothing hangs, nothing is lost."""

import atexit
import importlib.util
import os
import pathlib
import sys
import threading
import time

import gi
import tap

gi.require_version("Mpel", "1")
from gi.overrides.Mpel import byvalue, interrupt  # noqa: E402
from gi.repository import GLib, Mpel  # noqa: E402

if importlib.util.find_spec("cloudpickle") is None:
    print("1..0 # SKIP cloudpickle is missing: install the package python3-cloudpickle")
    sys.exit()


def identity(value):
    return value


def fail_of_syntax():
    raise SyntaxError("odd", ("file", 1, "no number", "text"))


def fail_with(text):
    raise ValueError(text)


story = tap.story_of(Mpel.EventLoop)


def raised(function, *args):
    try:
        function(*args)
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def end_of(loop, *call):
    event = loop.add_event(*call)
    loop.wait()
    return event


@story
def odd_exceptions(loop, heard):
    """Exceptions that Python cannot format end their events all the same"""
    event = end_of(loop, fail_of_syntax)
    tap.equal((type(event.error), event.error.args[0]), (SyntaxError, "odd"))
    assert "fail_of_syntax" in str(event.error.__cause__), event.error.__cause__
    tap.equal(len(heard), 1)


@story
def odd_messages(loop, heard):
    """Messages may have any characters"""
    for text in ("\x1e", "\x1e~ \x1e", "\0", "\udcff"):
        error = end_of(loop, fail_with, text).error
        tap.equal((type(error), error.args), (ValueError, (text,)))
    tap.equal(len(heard), 4)


@story
def odd_paths(loop, heard):
    """Workers start whatever is in sys.path"""
    saved = list(sys.path)
    sys.path[:0] = ["", pathlib.Path("/tmp"), b"bytes", "/no {such} 'folder\"", "/\udcff"]
    try:
        tap.equal(end_of(loop, identity, 1).results, 1)
    finally:
        sys.path[:] = saved


@story
def forks(loop, heard):
    """A forked child leaves the workers alone when it ends"""
    end_of(loop, identity, 1)
    pid = os.fork()
    if pid == 0:
        # As sys.exit () does it, but not through the tests.
        atexit._run_exitfuncs()
        os._exit(7)
    tap.equal(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 7)
    tap.equal(end_of(loop, identity, 2).results, 2)


def lack_for_ever():
    raise byvalue.Missing(1)


@story
def lacking(loop, heard):
    """What a worker lacks is sent a few times, and then it is an error; numbers are nothing to call"""
    for function in (loop.add_event, lambda target: loop.add_event(Mpel.Event(target))):
        error = raised(function, 5)
        assert isinstance(error, TypeError), error
    for n_ends in (1, 2):
        # The second time somebody listens to the signal as well.
        event = end_of(loop, lack_for_ever)
        tap.equal(type(event.error), Mpel.RemoteError)
        tap.equal(len(heard), n_ends)
        if n_ends == 1:
            loop.connect("event-done", lambda loop, event: None)


def stands_alone():
    return 8


@story
def not_sent_again(loop, heard):
    """What cannot be sent again, once the worker lacks it, ends with the reason"""

    def refuse(event, known):
        raise OSError("no")

    loop._encode = refuse
    loop.add_event(identity, 1)
    for known in list(byvalue.all_known):
        known.numbers.add(byvalue.find_entry(stands_alone).bundle.number)
    event = end_of(loop, stands_alone)
    tap.equal((type(event.error), len(heard)), (OSError, 2))
    del loop._encode


def interrupt_at(number, interrupted):
    """A handler in which somebody presses Ctrl-C."""

    def handler(event):
        if event.results == number and not interrupted:
            interrupted.append(event)
            raise KeyboardInterrupt

    return handler


@story
def interrupted(loop, heard):
    """KeyboardInterrupt in a handler comes to those who wait, one in another; later they may go on"""
    depths = []

    def wait_within(event):
        if event.results == 0:
            try:
                loop.wait()
            except KeyboardInterrupt:
                depths.append("inner")
                raise

    loop.output_handlers += [wait_within, interrupt_at(2, [])]
    for number in range(5):
        loop.add_event(identity, number)
    try:
        loop.wait()
    except KeyboardInterrupt:
        depths.append("outer")
    tap.equal(depths, ["inner", "outer"])
    assert interrupt.was_interrupted
    end_of(loop, identity, 5)
    assert not interrupt.was_interrupted
    tap.equal([event.results for event in heard], list(range(6)))


x = 1


def get_x():
    return x


def get_x_too():
    return x


@story
def globals_come_back(loop, heard):
    """Functions see the globals as they are, also when one is back at what it was before"""
    global x
    got = []
    for value in (1, 2, 1, 2, 2):
        x = value
        got.append([end_of(loop, get_x_too if len(got) % 2 else get_x).results, x])
    assert all(result == expected for result, expected in got), got


def tell_slowly(number, large=b"." * 5000):
    time.sleep(0.01)
    return number, os.getpid()


@story
def consumed(loop, heard):
    """What the worker of a loop lacks comes from that loop, also when another hears of the ends"""
    pool = Mpel.Pool(2, consumer_queue=loop.consumer_queue)
    for number in range(20):
        pool.add_event(tell_slowly, number)
    pool.wait()
    assert pool._sent_again > 0
    numbers, pids = zip(*(event.results for event in heard))
    tap.equal(sorted(numbers), list(range(20)))
    assert len(set(pids)) == 2 and not loop.is_running(), pids
    # A loop whose handlers nobody asks again hears of its own.
    pool.set_consumer(None)
    pool.add_output_handler(heard.append)
    end_of(pool, identity, 1)
    tap.equal((heard.pop().results, len(heard)), (1, 20))
    pool.close()


class Counter:
    number = 0

    def count(self):
        self.number += 1
        return self.number


@story
def kept_at_home(loop, heard):
    """Events with objects that a worker keeps go to that worker, also when loops share a queue"""
    counter = Counter()
    other = Mpel.EventLoop(heard.append, event_queue=loop.event_queue)
    for _ in range(6):
        loop.add_cache_event(counter.count)
    loop.wait()
    other.close()
    tap.equal([event.results for event in heard], [1, 2, 3, 4, 5, 6])


def pools():
    """All workers of a pool have the functions of the script; what is added first begins first"""
    ended = []
    with Mpel.Pool(3, lambda event: ended.append(event.results)) as pool:
        for number in range(30):
            pool.add_event(lambda number=number: tell_number(number))
        pool.wait()
        tap.equal((sorted(ended), pool._sent_again), (list(range(30)), 0))


def tell_number(number):
    time.sleep(0.001)
    return number


@story
def added_twice(loop, heard):
    """An event that is pending cannot be added again, and ends as if nobody had tried"""
    event = loop.add_event(identity, 3)
    for _ in range(2):
        error = raised(loop.add_event, event)
        assert isinstance(error, GLib.Error) and "already" in error.message, error
    loop.wait()
    tap.equal((event.results, heard), (3, [event]))
    loop.add_event(event)
    loop.wait()
    tap.equal((event.results, heard), (3, [event, event]))


@story
def other_threads(loop, heard):
    """Another thread cannot add events to a loop, and is told so"""
    errors = []
    thread = threading.Thread(target=lambda: errors.append(raised(loop.add_event, identity, 1)))
    thread.start()
    thread.join()
    assert isinstance(errors[0], GLib.Error) and "thread" in errors[0].message, errors
    tap.equal((end_of(loop, identity, 2).results, len(heard)), (2, 1))


@story
def ways_of_c(loop, heard):
    """What C offers starts the same worker, and not the script again"""
    event = loop.add_call("builtins:len", GLib.Variant("(s)", ("abc",)), None)
    loop.wait()
    tap.equal((event.results, event.error, len(heard)), (3, None, 1))
    loop.stop()
    ended = []
    loop.call_async("builtins:len", GLib.Variant("(s)", ("ab",)), None, None, lambda *given: ended.append(given[:2]))
    tap.iterate_until(lambda: ended)
    tap.equal(loop.call_finish(ended[0][1]).unpack(), 2)


def handlers_of_c():
    """Handlers that C keeps hear of all ends, whenever they are added"""
    heard = []
    loop = Mpel.EventLoop.new()
    loop.add_output_handler(heard.append)
    tap.equal(end_of(loop, identity, 1).results, 1)
    loop.close()
    tap.equal([event.results for event in heard], [1])

    heard = []
    with Mpel.EventLoop(heard.append) as loop:
        end_of(loop, identity, 1)
        loop.add_output_handler(lambda event, *data: heard.append((event.results, *data)), "data")
        end_of(loop, identity, 2)
    tap.equal([end if type(end) is tuple else end.results for end in heard], [1, 2, (2, "data")])


def interrupted_items():
    """KeyboardInterrupt in a handler of items comes to those who wait as well"""
    loop = Mpel.IterEventLoop(interrupt_at(2, []))
    loop.add_event([1, 2, 3])
    try:
        loop.wait()
    except KeyboardInterrupt:
        loop.close()
    else:
        raise AssertionError("nothing was raised")


@story
def nested_while_adding(loop, heard):
    """Events that end in a main loop that runs while others are added are as complete as all"""
    states = []

    def wait_for_all(event, spec):
        states.append(event.get_state())
        while states == [Mpel.EventState.QUEUED, Mpel.EventState.SENT] and loop.get_n_pending() > 0:
            GLib.MainContext.default().iteration(True)

    seen = []
    loop.add_output_handler(lambda event: seen.append((event.target, event.args, event.results)))
    end_of(loop, identity, 0)
    loop.add_event(identity, 1)
    watched = Mpel.Event(identity, 2)
    watched.connect("notify::state", wait_for_all)
    loop.add_event(watched)
    n_events = 3
    while len(states) < 2:
        loop.add_event(identity, n_events)
        n_events += 1
    loop.wait()
    tap.equal(seen, [(identity, (i,), i) for i in range(n_events)])


def main():
    tap.run(
        odd_exceptions,
        odd_messages,
        odd_paths,
        forks,
        lacking,
        not_sent_again,
        interrupted,
        globals_come_back,
        consumed,
        kept_at_home,
        pools,
        added_twice,
        other_threads,
        ways_of_c,
        handlers_of_c,
        interrupted_items,
        nested_while_adding,
    )


if __name__ == "__main__":
    main()
