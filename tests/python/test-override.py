# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Python functions, as they are: what travels, what is refused, and how events end."""

import collections
import functools
import gc
import importlib.util
import os
import sys
import threading

import gi
import tap

gi.require_version("Mpel", "1")
from gi.repository import Gio, GLib, GObject, Mpel  # noqa: E402

if importlib.util.find_spec("cloudpickle") is None:
    print("1..0 # SKIP cloudpickle is missing: install the package python3-cloudpickle")
    sys.exit()

LOOP_ERROR = Mpel.loop_error_quark()
Point = collections.namedtuple("Point", "x y")
step = 1


class Account:
    kind = "savings"

    def __init__(self, amount):
        self.amount = amount

    def add(self, more):
        self.amount += more
        return self.amount

    def double(self):
        self.amount *= 2

    @classmethod
    def make(cls):
        return cls(9)

    @staticmethod
    def name():
        return "account"


class Special(Account):
    def add(self, more):
        return super().add(more) + 1000


class Odd(Exception):
    """Cannot be made of its own args."""

    def __init__(self, a, b):
        super().__init__(f"{a} and {b}")
        self.b = b


class Repeat(Mpel.Event):
    def __init__(self, word, times, **kwargs):
        super().__init__(target=None, args=(word, times), **kwargs)

    def run(self):
        self.pid = os.getpid()
        return self.args[0] * self.args[1]


def next_step(value):
    return helper(value)


def helper(value):
    return value + step


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


def fail(message):
    raise ValueError(message)


def fail_oddly():
    raise Odd(1, b=2)


def fail_of_gio():
    raise GLib.Error.new_literal(Gio.io_error_quark(), "no such thing", Gio.IOErrorEnum.NOT_FOUND)


def fail_locally():
    class Local(Exception):
        def __str__(self):
            return "here"

    raise Local(threading.Lock())


def exit_at_once():
    sys.exit(3)


def make_lock():
    return threading.Lock()


def identity(value):
    return value


def ends_of(loop, *calls):
    """Runs calls, each a tuple of what add_event takes. Returns their events."""
    events = [loop.add_event(*call) for call in calls]
    loop.wait()
    return events


def results_of(loop, *calls):
    events = ends_of(loop, *calls)
    tap.equal([event.error for event in events], [None] * len(events))
    return [event.results for event in events]


def raised(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


story = tap.story_of(Mpel.EventLoop)


@story
def functions(loop, heard):
    """Functions travel by name or by value: of the script, of modules, lambdas, closures, methods"""

    def outer(n):
        def inner(m):
            return n + m

        return inner

    got = results_of(
        loop,
        (next_step, 1),
        (factorial, 5),
        (lambda: 7,),
        (outer(3), 4),
        (functools.partial(next_step, 5),),
        (Account.name,),
        (Account(1).add, 2),
        (Special(1).add, 2),
        (os.getpid,),
        (len, [1, 2]),
        (int, "5"),
        ("builtins:len", "abc"),
    )
    pid = got.pop(8)
    tap.equal(got, [2, 120, 7, 7, 6, "account", 3, 1003, 2, 5, 3])
    assert pid not in (os.getpid(), 0), pid
    tap.equal(results_of(loop, (outer, 5))[0](6), 11)


@story
def classes(loop, heard):
    """Objects that come back are of the classes of this script, which stay as they are"""
    made, kind, point = results_of(loop, (Account.make,), (identity, Special), (Point, 1, 2))
    assert type(made) is Account and kind is Special and type(point) is Point, (made, kind, point)
    add = Account.add
    nested = results_of(loop, (identity, {"list": [Special(2), (Account(3),)]}))[0]
    assert type(nested["list"][0]) is Special and type(nested["list"][1][0]) is Account
    tap.equal(Account.add, add)
    # A method without a result gives what has become of its object.
    account = Account(4)
    (changed,) = results_of(loop, (account.double,))
    tap.equal((account.amount, changed.amount), (4, 8))


@story
def globals_change(loop, heard):
    """A function that is added sees the globals as they are then"""
    global step
    tap.equal(results_of(loop, (next_step, 1)), [2])
    step = 10
    try:
        tap.equal(results_of(loop, (next_step, 1)), [11])
    finally:
        step = 1
    counter = 0

    def count():
        return counter

    tap.equal(results_of(loop, (count,)), [0])
    counter = 5
    tap.equal(results_of(loop, (count,)), [5])


@story
def sent_once(loop, heard):
    """What travels by value travels once, and is dropped when nobody has it any more"""
    from gi.overrides.Mpel import byvalue

    def size():
        from gi.overrides.Mpel import byvalue

        return len(byvalue.loaded)

    def big(value, data="x" * 100000):
        return value

    tap.equal(results_of(loop, *[(big, i) for i in range(100)]), list(range(100)))
    assert {event.get_args().get_size() < 1000 for event in heard[1:]} == {True}
    heard.clear()
    (before,) = results_of(loop, (size,))
    for i in range(50):
        results_of(loop, (lambda: i,))
    heard.clear()
    gc.collect()
    (after,) = results_of(loop, (size,))
    assert after <= before + 2, (before, after)
    assert len(byvalue.entries) < 1000


@story
def refused(loop, heard):
    """What cannot be pickled raises when it is added, not later"""
    for bad in (threading.Lock(), (n for n in ()), sys._getframe()):
        error = raised(loop.add_event, identity, bad)
        assert isinstance(error, TypeError), error
        raised(loop.add_event, lambda: bad)
        raised(loop.add_event, identity, [bad], key=bad)
    tap.equal(loop.get_n_pending(), 0)
    tap.equal(results_of(loop, (identity, 1)), [1])


@story
def bad_results(loop, heard):
    """Results that cannot be pickled fail their event with the reason"""
    (event,) = ends_of(loop, (make_lock,))
    assert isinstance(event.error, TypeError) and "lock" in str(event.error), event.error
    tap.equal((event.results, event.get_state()), (None, Mpel.EventState.FAILED))


@story
def errors(loop, heard):
    """The error of an event is the exception itself, with the worker's traceback as its cause"""
    plain, odd, of_gio, local, exits = ends_of(
        loop, (fail, "bad thing"), (fail_oddly,), (fail_of_gio,), (fail_locally,), (exit_at_once,)
    )
    assert type(plain.error) is ValueError and str(plain.error) == "bad thing"
    assert 'raise ValueError(message)' in str(plain.error.__cause__) and "calls.py" not in str(plain.error.__cause__)
    assert "ValueError: bad thing" in plain.get_traceback() and "\x1e" not in plain.get_traceback()
    assert type(odd.error) is Odd and odd.error.b == 2 and odd.error.args == ("1 and 2",)
    assert of_gio.error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND)
    assert type(local.error) is Mpel.RemoteError and local.error.message == "here", local.error
    assert local.error.type_name.endswith("Local")
    assert type(exits.error) is SystemExit
    tap.equal([event.results for event in heard], [None] * 5)


@story
def events(loop, heard):
    """An event of a class of one's own runs there, and brings back what it has become"""
    event = Repeat("ho", 3, event_key="key")
    loop.add_event(event)
    loop.wait()
    tap.equal((event.results, event.event_key, event.args), ("hohoho", "key", ("ho", 3)))
    assert event.pid == loop.get_worker_pid() and heard == [event]
    plain = Mpel.Event(identity, 5, event_key="other")
    loop.add_event(plain)
    loop.wait()
    tap.equal((plain.results, plain.error, plain.target, plain.args, plain.kwargs), (5, None, identity, (5,), {}))
    plain.args = (6,)
    loop.add_event(plain)
    loop.wait()
    tap.equal(plain.results, 6)


@story
def written(loop, heard):
    """An event is written as what it calls, and how far it is"""
    event = Mpel.Event(identity, 5)
    tap.equal(repr(event), "<Event of identity: new>")
    loop.add_event(event)
    loop.wait()
    tap.equal(repr(event), "<Event of identity: done>")
    tap.equal(repr(Mpel.Event("echo")), "<Event of echo: new>")
    tap.equal(repr(Repeat("ho", 3)), "<Repeat: new>")
    assert "uninitialized" in repr(Repeat.__new__(Repeat))


@story
def handlers(loop, heard):
    """Handlers can be put first, stop the others, be removed, and raise"""
    seen = []

    def first(event):
        seen.append(event.results)
        return event.results == 1

    def broken(event):
        raise LookupError("this belongs on stderr; later events still arrive")

    loop.insert_output_handler(0, first)
    loop.insert_output_handler(0, broken)
    results_of(loop, (identity, 1), (identity, 2))
    tap.equal((seen, [event.results for event in heard]), ([1, 2], [2]))
    tap.equal((loop.remove_output_handler(first), loop.remove_output_handler(first)), (True, False))
    results_of(loop, (identity, 1))
    tap.equal((seen, [event.results for event in heard]), ([1, 2], [2, 1]))
    sys.last_value = sys.last_traceback = None


@story
def nested_waits(loop, heard):
    """A handler may add events and wait for them"""

    def handler(event):
        if event.results == 1:
            heard.append(results_of(loop, (identity, "inner"))[0])

    loop.insert_output_handler(0, handler)
    results_of(loop, (identity, 1), (identity, 2))
    assert "inner" in heard, heard


@story
def signals(loop, heard):
    """Those who connect hear of ends, before the output handlers"""
    order = []
    loop.connect("event-done", lambda loop, event: order.append(("signal", event.results)))
    loop.connect("event-done::blue", lambda loop, event: order.append(("blue", event.results)))
    loop.add_output_handler(lambda event: order.append(("handler", event.results)))
    loop.add_event(identity, 1, event_key="blue")
    loop.wait()
    tap.equal(order, [("signal", 1), ("blue", 1), ("handler", 1)])


@story
def outputs(loop, heard):
    """Without output an event says nothing, unless it fails"""
    loop.add_event(identity, 1, has_output=False)
    loop.add_event(fail, "loud", has_output=False)
    loop.wait()
    tap.equal([str(event.error) for event in heard], ["loud"])
    loop.has_results = False
    loop.add_event(identity, 2)
    loop.wait()
    tap.equal(len(heard), 1)


@story
def runs(loop, heard):
    """run and run_until_complete take events, dicts, sequences, and handlers"""
    seen = []
    loop.run([{"target": identity, "args": (1,)}, (identity, 2), Mpel.Event(identity, 3)], seen.append)
    loop.wait()
    loop.run_until_complete([(identity, 4), {"target": factorial, "args": (3,), "event_key": "k"}])
    loop.run_until_complete(Mpel.Event(identity, 5))
    loop.run_until_complete()
    tap.equal([event.results for event in seen], [1, 2, 3, 4, 6, 5])
    tap.equal([event.event_key for event in seen if event.event_key], ["k"])


@story
def lost_worker(loop, heard):
    """A worker that dies takes its event along, and the next one knows all it needs"""
    tap.equal(results_of(loop, (next_step, 1)), [2])
    gone, *behind = ends_of(loop, (os._exit, 3), *[(next_step, n) for n in range(20)])
    assert gone.error.matches(LOOP_ERROR, Mpel.LoopError.WORKER_LOST), gone.error
    for number, event in enumerate(behind):
        assert event.results == number + 1 or event.error.matches(LOOP_ERROR, Mpel.LoopError.WORKER_LOST)
    tap.equal(results_of(loop, (next_step, 5), (Account(1).add, 2)), [6, 3])


@story
def iterators(loop, heard):
    """What yields is streamed: event-yield tells of the values, and the results are what it returned"""

    def count(n):
        for i in range(n):
            yield i
        return "end"

    n_yields = []
    loop.connect("event-yield", lambda loop, event, value: n_yields.append(value))
    tap.equal((results_of(loop, (count, 5)), len(n_yields)), (["end"], 5))


@story
def arguments(loop, heard):
    """args and kwargs may be given whole; any argument arrives as it is"""
    things = [None, True, 2**70, 1.5, "é\0", b"\0", [1], (2,), {"a": {1}}, GLib.Variant("(is)", (1, "x")), Gio, Special]
    for got, thing in zip(results_of(loop, *[(identity, thing) for thing in things]), things):
        tap.equal(got, thing)
    loop.add_event(Account, args=(5,), kwargs={})
    loop.add_event(Account, amount=6)
    loop.add_event(dict, kwargs={"target": 1, "cache": 2})
    loop.wait()
    tap.equal([event.results.amount for event in heard[-3:-1]] + [heard[-1].results], [5, 6, {"target": 1, "cache": 2}])


class Loud(Mpel.EventLoop):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.out = []

    def process_output(self, event):
        self.out.append(event.error or event.results)

    def run(self, events=None, output_handlers=None):
        self.out.append("run")
        return super().run(events, output_handlers)


def subclass():
    """A subclass has its own process_output and run"""
    with Loud(name="loud") as loop:
        loop.run([(identity, 1), (fail, "x")])
    tap.equal((loop.name, loop.out[:2], str(loop.out[2])), ("loud", ["run", 1], "x"))


def reused():
    """A closed loop starts again; a context that fails is left at once"""
    out = []
    loop = Mpel.EventLoop(lambda event: out.append(event.results))
    for number in range(2):
        with loop:
            assert loop.is_running()
            loop.add_event(identity, number)
        assert not loop.is_running() and loop.get_worker_pid() == 0
    loop.close()
    loop.close()
    tap.equal(out, [0, 1])
    error = raised(lambda: loop.__enter__().__exit__(KeyError, KeyError(), None) or {}["x"])
    assert isinstance(error, KeyError)
    loop.close()


def make_variables():
    return {"answer": 42, "account": Account(1)}


def fail_to_initialize():
    raise ValueError("not today")


def initializers():
    """initialize_process prepares the worker: what it returns are variables, and its failure is told"""
    heard = []
    with Mpel.EventLoop(heard.append, initialize_process=make_variables) as loop:
        loop.add_var_event("answer", None)
        loop.add_var_event("account", "add", 2)
        loop.add_var_event("account", lambda account, n: account.amount * n, 10)
        loop.save_variables(lambda n: {"saved": [n]}, 5)
        loop.add_var_event("saved", "append", 6)
        loop.add_var_event("saved")
        loop.add_var_event("nothing")
    tap.equal([event.results for event in heard[:-1]], [42, 3, 30, None, [5, 6]])
    assert isinstance(heard[-1].error, KeyError)
    heard.clear()
    with Mpel.EventLoop(heard.append) as loop:
        loop.save_variables(Mpel.Event(lambda n: {"saved": [n]}, 7))
        loop.add_var_event("saved", Mpel.Event("append", 8, event_key="key"))
        loop.add_var_event("saved", Mpel.Event(len))
    tap.equal([(event.results, event.error, event.event_key) for event in heard], [(None, None, "key"), (2, None, None)])
    loop = Mpel.EventLoop(initialize_process=fail_to_initialize)
    event = Mpel.Event(identity, 1)
    loop.add_output_handler(lambda event: True)
    loop.add_event(event)
    loop.wait()
    assert event.error.matches(LOOP_ERROR, Mpel.LoopError.SPAWN_FAILED) and "not today" in event.error.message
    loop.close()


def shared_queues():
    """Loops that are given the same queues share their events and their handlers"""
    heard, queue = [], object()
    first = Mpel.EventLoop(heard.append, event_queue=queue, consumer_queue=queue)
    second = Mpel.EventLoop(event_queue=queue, consumer_queue=queue)
    assert first.event_queue is second.event_queue and first.consumer_queue is second.consumer_queue
    with first, second:
        for number in range(20):
            second.add_event(os.getpid)
            first.event_queue.put(Mpel.Event(os.getpid))
    tap.equal((len(heard), len({event.results for event in heard})), (40, 2))


def one_consumer():
    """Of loops that share what has ended, the one that wants results is told of all, whichever is made first"""
    for place in range(3):
        heard, queue = [], object()
        loops = [Mpel.EventLoop(heard.append, consumer_queue=queue, has_results=index == place) for index in range(3)]
        for number in range(9):
            loops[number % 3].add_event(identity, number, cache=number > 5)
        for loop in loops:
            loop.close()
        tap.equal(sorted(event.results for event in heard), list(range(9)))
        tap.equal([loop.has_results for loop in loops], [index == place for index in range(3)])
    loops[2].has_results = False
    loops[0].add_event(identity, 9)
    loops[0].close()
    tap.equal(len(heard), 9)
    loops[1].has_results = True
    loops[0].add_event(identity, 10)
    loops[0].close()
    tap.equal(heard[-1].results, 10)


def cached():
    """Objects are kept: what changes there is seen by the next event"""
    heard, account, numbers = [], Account(1), [1]
    with Mpel.EventLoop(heard.append) as loop:
        loop.add_event(account.add, 5)
        loop.add_event(account.add, 5)
        loop.add_event(account.add, 5, cache=True)
        loop.add_event(account.add, 5, cache=True)
        assert loop.is_object_cached(account) and not loop.is_object_cached(numbers)
        account.amount = 100
        loop.add_event(account.add, 5, cache=True)
        loop.add_event(account.add, 5, cache=True, re_register=True)
        loop.add_event(Account.add, account, 1, cache=True)
        loop.add_event(Account.add, account, 1)
        loop.cache_object(numbers)
        loop.add_cache_event(list.append, numbers, 2)
        loop.add_cache_event(len, numbers)
        loop.cache_object(account, has_output=True)
        loop.add_event(Mpel.CacheEvent(account.add, 1, event_key="event"))
        loop.wait()
        assert loop.release_object(account) and not loop.is_object_cached(account)
    results = [event.results for event in heard]
    tap.equal(results[:10], [6, 6, 6, 11, 16, 105, 106, 101, None, 2])
    tap.equal((results[10].amount, results[11], heard[11].event_key), (106, 107, "event"))


def count_anchors():
    return sum(type(thing).__name__ == "Anchor" for thing in gc.get_objects())


def cached_are_dropped():
    """What is gone here is dropped there; a worker that was lost makes them anew"""
    with Mpel.EventLoop(lambda event: None) as loop:
        accounts = [Account(n) for n in range(10)]
        for account in accounts:
            loop.cache_object(account)
        tap.equal(results_of(loop, (count_anchors,)), [10])
        del account, accounts[5:]
        gc.collect()
        tap.equal(results_of(loop, (count_anchors,)), [5])
        os.kill(loop.get_worker_pid(), 9)
        loop.add_event(identity, 1)
        loop.wait()
        accounts[0].amount = 50
        event = loop.add_event(accounts[0].add, 5, cache=True)
        loop.wait()
        tap.equal(event.results, 55)
        assert isinstance(raised(loop.cache_object, threading.Lock()), TypeError)


def pools():
    """A pool's workers each get what they need; what is kept has one home"""
    with Mpel.Pool(2, lambda event: None) as pool:
        tap.equal((pool.get_n_workers(), pool.processes), (2, 2))
        events = [pool.add_event(lambda n=n: (os.getpid(), n)) for n in range(10)]
        events += [pool.add_event(next_step, n) for n in range(100)]
        pool.wait()
        tap.equal([event.error for event in events], [None] * 110)
        tap.equal(sorted(event.results[1] for event in events[:10]), list(range(10)))
        tap.equal([event.results for event in events[10:]], list(range(1, 101)))
        account = Account(0)
        events = [pool.add_event(account.add, 1, cache=True) for n in range(50)]
        pool.wait()
        tap.equal([event.results for event in events], list(range(1, 51)))
        tap.equal([event.results for event in pool.map(next_step, iter_args=[1, 2])], [2, 3])
        pool.save_variables(lambda: {"v": [1]})
        events = [pool.add_var_event("v", "append", n) for n in range(10)] + [pool.add_var_event("v", len)]
        pool.wait()
        tap.equal(events[-1].results, 11)


class Counter(GObject.Object):
    """A class of GObject travels as well."""

    n = GObject.Property(type=int, default=3)

    def twice(self):
        return self.n * 2


def make_counter():
    return Counter(n=4).twice()


def gobject_classes():
    """A class of GObject of the script is made anew in the worker, with its properties"""
    with Mpel.EventLoop(lambda event: None) as loop:
        tap.equal(results_of(loop, (make_counter,), (make_counter,)), [8, 8])


def global_loop():
    """The functions of the module use the program's own loop, which closes and starts again"""
    heard = []
    with Mpel.get_event_loop(heard.append) as loop:
        Mpel.add_event(identity, 1)
        assert Mpel.is_running() and Mpel.get_event_loop() is loop
    assert not Mpel.is_running()
    Mpel.run([(identity, 2)])
    Mpel.wait()
    Mpel.insert_output_handler(0, lambda event: event.results == 3)
    Mpel.run_until_complete([(identity, 3), (identity, 4)])
    Mpel.stop()
    Mpel.start()
    Mpel.close()
    tap.equal([event.results for event in heard], [1, 2, 4])


def picklers():
    """use () chooses what pickles"""
    Mpel.use("pickle")
    try:
        with Mpel.EventLoop(lambda event: None) as loop:
            error = raised(loop.add_event, identity, 1)
            assert "cloudpickle" in str(error) and "identity" in str(error), error
            raised(loop.add_event, len, Account(1))
            tap.equal(results_of(loop, (os.path.join, "a", "b"), (len, [1]), (sorted, [2, 1])), ["a/b", 1, [1, 2]])
        if importlib.util.find_spec("dill") is not None:
            Mpel.use("dill")
            with Mpel.EventLoop(lambda event: None) as loop:
                tap.equal(results_of(loop, (lambda x: x + 1, 3), (factorial, 4)), [4, 24])
        Mpel.use("multiprocessing")
        with Mpel.EventLoop(lambda event: None) as loop:
            tap.equal(results_of(loop, (next_step, 3)), [4])
    finally:
        Mpel.use("cloudpickle")


def main():
    tap.run(
        functions,
        classes,
        globals_change,
        sent_once,
        refused,
        bad_results,
        errors,
        events,
        written,
        handlers,
        nested_waits,
        signals,
        outputs,
        runs,
        lost_worker,
        iterators,
        arguments,
        subclass,
        reused,
        initializers,
        shared_queues,
        one_consumer,
        cached,
        cached_are_dropped,
        pools,
        gobject_classes,
        global_loop,
        picklers,
    )


if __name__ == "__main__":
    main()
