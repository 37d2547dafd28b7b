# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Coroutines in the worker; awaiting, streams, futures and executors in the host."""

import asyncio
import concurrent.futures
import contextlib
import gc
import os
import signal
import sys
import threading
import weakref

import tap
from gi.repository import Gio, GLib, Mpel

# ---- in the worker ----


def add(value, value2=1):
    return value + value2


def raise_it(text):
    raise LookupError(text)


async def answer_late(value):
    await asyncio.sleep(0)
    return value


async def raise_late(text):
    await asyncio.sleep(0)
    raise LookupError(text)


async def meet(path, n_others):
    """Returns when so many others are here too: those that do not run beside it would never come."""
    here.append(path)
    while len(here) < n_others:
        await asyncio.sleep(0.001)
    return len(here)


here = []


def compute_until(path):
    """Computes until the file is there, which a coroutine makes meanwhile."""
    while not os.path.exists(path):
        pass
    return "computed"


async def touch(path):
    await asyncio.sleep(0.01)
    open(path, "w").close()
    return "touched"


async def sleep_for_ever(path):
    open(path + ".begun", "w").close()
    try:
        await asyncio.Event().wait()
    finally:
        open(path, "w").close()


def compute_until_cancelled(path):
    open(path, "w").close()
    while not Mpel.get_invocation().is_cancelled():
        pass


def make_late(path):
    compute_until_cancelled(path)
    return answer_late(1)


def make_generator_late(path):
    compute_until_cancelled(path)
    return count_late(1)


def count(n):
    yield from range(n)


async def count_late(n, path=None):
    try:
        for number in range(n):
            await asyncio.sleep(0)
            yield number
    finally:
        if path is not None:
            open(path, "w").close()


async def raise_in_between():
    yield 1
    raise LookupError("in between")


async def give_what_cannot_travel():
    yield 1
    yield threading.Lock()


def report():
    invocation = Mpel.get_invocation()
    invocation.progress(0.5, "half")
    return isinstance(invocation, Mpel.Invocation), invocation.is_cancelled()


def report_steps(path):
    """Waits, since of news that come together only the last is told."""
    for fraction, message in (0.5, "first"), (0.5, "second"), (1, "second"):
        Mpel.get_invocation().progress(fraction, message)
        while not os.path.exists(path + message):
            pass


async def report_late():
    await asyncio.sleep(0)
    own = Mpel.get_invocation()
    in_thread = await asyncio.to_thread(Mpel.get_invocation)
    return own is not None and in_thread is own


def report_in_turns(n):
    for _ in range(n):
        yield Mpel.get_invocation() is not None


def run_a_loop_of_its_own():
    return asyncio.run(answer_late("ran"))


async def where():
    return threading.current_thread() is threading.main_thread(), asyncio.get_running_loop().is_running()


# ---- in the host ----

folder = GLib.Dir.make_tmp("mpel-async-XXXXXX")
n_paths = 0


def new_path():
    global n_paths

    n_paths += 1
    return f"{folder}/{n_paths}"


def iterate_until_there(path):
    """Nothing but a look tells of a file."""
    looks = GLib.timeout_add(1, lambda: GLib.SOURCE_CONTINUE)
    tap.iterate_until(lambda: os.path.exists(path))
    GLib.source_remove(looks)


async def until(path):
    while not os.path.exists(path):
        await asyncio.sleep(0.001)


@contextlib.contextmanager
def a_loop(kind=None, *args, **kwargs):
    """A loop that is to leave nothing behind."""
    loop = (kind or Mpel.EventLoop)(*args, **kwargs)
    try:
        yield loop
        tap.equal(loop.get_n_pending(), 0)
        loop.close()
    finally:
        loop.terminate()
    tap.equal(tap.children(), [])


def raised(function, kind):
    try:
        function()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


def test_await():
    """asyncio awaits calls, which begin at once and give results or the real exception"""

    async def main():
        with a_loop() as loop:
            tap.equal(await loop.call(add, 1, value2=2), 3)
            calls = [loop.call(add, number) for number in range(50)]
            tap.equal(loop.get_n_pending(), 50)
            tap.equal(await asyncio.gather(*calls), list(range(1, 51)))
            for function in (raise_it, raise_late):
                try:
                    await loop.call(function, "why")
                    raise AssertionError
                except LookupError as error:
                    tap.equal(str(error), "'why'" if isinstance(error, KeyError) else "why")
                    assert "raise" in str(error.__cause__), error.__cause__
            tap.equal(await loop.call(Mpel.Event(add, 5)), 6)

    asyncio.run(main())


def test_other_things_of_asyncio():
    """asyncio goes on with what else it has while events come, and the other way round"""

    async def main():
        ticks = []

        async def tick():
            while True:
                ticks.append(1)
                await asyncio.sleep(0.001)

        with a_loop() as loop:
            ticking = asyncio.create_task(tick())
            reader, writer = os.pipe()
            got = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().add_reader(reader, lambda: got.done() or got.set_result(os.read(reader, 1)))
            await loop.call(add, 1)
            os.write(writer, b"x")
            tap.equal(await got, b"x")
            asyncio.get_running_loop().remove_reader(reader)
            before = len(ticks)
            while len(ticks) < before + 3:
                await loop.call(add, 1)
            tap.equal(await asyncio.to_thread(add, 1), 2)
            ticking.cancel()
            os.close(reader)
            os.close(writer)

    asyncio.run(main())
    asyncio.run(main())


def test_without_await():
    """asyncio looks after a loop that is started, made or entered in it, also if it awaits nothing of it"""

    async def hear(loop):
        heard = asyncio.Event()
        loop.add_output_handler(lambda event: heard.set())
        loop.add_event(add, 1)
        await asyncio.wait_for(heard.wait(), 10)

    async def start(loop):
        loop.start()
        await hear(loop)
        await submit(loop)

    async def enter(loop):
        with loop:
            await hear(loop)

    async def submit(loop):
        tap.equal(await asyncio.wait_for(asyncio.to_thread(lambda: loop.submit(add, 1).result()), 10), 2)

    async def make():
        with a_loop() as loop:
            await submit(loop)
            await hear(loop)

    with a_loop() as loop:
        asyncio.run(start(loop))
        asyncio.run(start(loop))
        asyncio.run(enter(loop))
    asyncio.run(make())


def test_signals():
    """asyncio hears of signals while it waits for events"""

    async def main():
        running, got = asyncio.get_running_loop(), asyncio.Event()
        running.add_signal_handler(signal.SIGUSR1, got.set)
        with a_loop() as loop:
            await loop.call(add, 1)
            # Comes when there is nothing else to do but to wait.
            GLib.timeout_add(20, os.kill, os.getpid(), signal.SIGUSR1)
            await asyncio.wait_for(got.wait(), 10)
        running.remove_signal_handler(signal.SIGUSR1)

    asyncio.run(main())


def test_coroutines():
    """Coroutines run beside each other, and beside a function that computes"""

    async def main():
        with a_loop() as loop:
            tap.equal(await loop.call(answer_late, 4), 4)
            tap.equal(await asyncio.gather(*(loop.call(meet, "a", 20) for _ in range(20))), [20] * 20)
            path = new_path()
            both = loop.call(touch, path), loop.call(compute_until, path)
            tap.equal(await asyncio.gather(*both), ["touched", "computed"])
            tap.equal(await loop.call(run_a_loop_of_its_own), "ran")
            tap.equal(await loop.call(where), (False, True))

    asyncio.run(main())


def test_cancel():
    """To cancel the task that waits cancels the event, and the coroutine in the worker"""

    async def main():
        with a_loop() as loop:
            path = new_path()
            call = loop.call(sleep_for_ever, path)
            task = asyncio.ensure_future(call)
            await until(path + ".begun")
            task.cancel()
            try:
                await task
                raise AssertionError
            except asyncio.CancelledError:
                pass
            await until(path)
            # It may not have ended yet.
            await loop.call(add, 1)
            while not call.event.is_ended():
                await asyncio.sleep(0.001)
            tap.equal(call.event.get_state(), Mpel.EventState.CANCELLED)
            # What has not begun never does.
            busy, waiting = loop.call(compute_until, new_path()), loop.call(add, 1)
            tap.equal(waiting.cancel(), True)
            open(f"{folder}/{n_paths}", "w").close()
            tap.equal(await busy, "computed")

    asyncio.run(main())


def test_cancel_before_it_begins():
    """A coroutine that was cancelled before its first step ends as cancelled"""
    with a_loop() as loop:
        for function in make_late, make_generator_late:
            path = new_path()
            call = loop.submit(function, path)
            iterate_until_there(path)
            call.cancel()
            tap.iterate_until(call.event.is_ended)
            tap.equal(call.event.get_state(), Mpel.EventState.CANCELLED)


def test_cancelled_by_others():
    """What is cancelled otherwise fails with an error that says so"""
    with a_loop() as loop:
        path = new_path()
        call = loop.submit(sleep_for_ever, path)
        iterate_until_there(path + ".begun")
        call.event.cancel()
        error = raised(call.result, GLib.Error)
        assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED), error
        error = raised(loop.call_with(sleep_for_ever, (new_path(),), timeout=0.0001).result, GLib.Error)
        assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT), error
        timed = loop.call_with(sleep_for_ever, (new_path(),), timeout=0.01)
        error = raised(timed.result, GLib.Error)
        assert error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT), error
        # By the name that it has here, not by that which C has for all.
        assert "“sleep_for_ever”" in error.message, error


def test_streams():
    """Values of generators of both kinds come one by one"""

    async def collect(stream):
        return [value async for value in stream]

    async def main():
        with a_loop() as loop:
            tap.equal(await collect(loop.stream(count, 300)), list(range(300)))
            tap.equal(await collect(loop.stream(count_late, 300)), list(range(300)))
            tap.equal(await collect(loop.stream(count_late, 0)), [])
            both = collect(loop.stream(count_late, 50)), collect(loop.stream(count, 50))
            tap.equal(await asyncio.gather(*both), [list(range(50))] * 2)

    asyncio.run(main())


def test_streams_end_early():
    """A stream that is left, closed or cancelled stops its generator"""

    async def main():
        with a_loop() as loop:
            for how in ("break", "aclose", "cancel"):
                path = new_path()
                stream = loop.stream(count_late, 10**9, path)
                if how == "break":
                    async for value in stream:
                        if value == 3:
                            break
                elif how == "aclose":
                    tap.equal(await anext(stream), 0)
                    await stream.aclose()
                    tap.equal([value async for value in stream], [])
                else:
                    task = asyncio.ensure_future(anext(stream))
                    tap.equal(await task, 0)
                    with contextlib.suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(asyncio.Event().wait(), 0)
                    stream.event.cancel()
                event = stream.event
                del stream
                await until(path)
                while not event.is_ended():
                    await asyncio.sleep(0.001)

    asyncio.run(main())


def test_streams_given_up():
    """What comes for somebody who gives up at that moment is for who asks next"""

    async def main():
        with a_loop() as loop:
            for generator in count, count_late:
                stream, got, asked = loop.stream(generator, 20), [], []

                def take_and_cancel(*args, take=stream._take, asked=asked):
                    take(*args)
                    if len(asked) % 2:
                        asked[-1].cancel()

                stream._take = take_and_cancel
                while not got or got[-1] is not None:
                    asked.append(asyncio.ensure_future(anext(stream, None)))
                    await asyncio.wait(asked[-1:])
                    if not asked[-1].cancelled():
                        got.append(asked[-1].result())
                tap.equal(got, [*range(20), None])
                assert any(task.cancelled() for task in asked)
                del stream._take
            stream = loop.stream(raise_in_between)
            tap.equal(await anext(stream), 1)
            asked = asyncio.ensure_future(anext(stream))
            take = stream._take
            stream._take = lambda *args: (take(*args), asked.cancel())
            await asyncio.wait([asked])
            assert asked.cancelled()
            try:
                await anext(stream)
                raise AssertionError
            except LookupError:
                pass
            del stream._take, take

    asyncio.run(main())


def test_streams_fail():
    """What a generator raises comes after its values; so does what cannot travel"""
    with a_loop() as loop:
        for generator, kind in (raise_in_between, LookupError), (give_what_cannot_travel, TypeError):
            stream = loop.stream(generator)
            tap.equal(next(stream), 1)
            raised(lambda: next(stream), kind)
            tap.equal(list(stream), [])
        tap.equal(list(loop.stream(count, 5)), [0, 1, 2, 3, 4])


def test_streams_of_functions():
    """What can be iterated is; what cannot is an error, rather than nothing"""
    with a_loop() as loop:
        tap.equal(list(loop.stream(range, 3)), [0, 1, 2])
        tap.equal(list(loop.stream(sorted, "ba")), ["a", "b"])
        raised(lambda: list(loop.stream(len, "text")), TypeError)
        raised(lambda: list(loop.stream(answer_late, 3)), TypeError)
        tap.equal(loop.call(sorted, "ba").result(), ["a", "b"])


def test_invocation():
    """Functions, generators and coroutines find the call that they are"""
    tap.equal(Mpel.get_invocation(), None)
    with a_loop() as loop:
        told = []
        call = loop.call_with(report, progress=lambda fraction, message: told.append((fraction, message)))
        tap.equal(call.result(), (True, False))
        tap.equal(told, [(0.5, "half")])
        told.clear()
        path = new_path()

        def tell(fraction, message):
            told.append((fraction, message))
            open(path + message, "w").close()

        tap.equal(loop.call_with(report_steps, (path,), progress=tell).result(), None)
        tap.equal(told, [(0.5, "first"), (0.5, "second"), (1, "second")])
        tap.equal(loop.call(report_late).result(), True)
        tap.equal(list(loop.stream(report_in_turns, 3)), [True] * 3)


def test_futures():
    """submit () gives futures that can be waited for here and in other threads"""
    with a_loop() as loop:
        heard = []
        loop.add_output_handler(heard.append)
        calls = [loop.submit(add, number) for number in range(20)]
        done, not_done = concurrent.futures.wait(calls)
        tap.equal((len(done), len(not_done)), (20, 0))
        calls = {loop.submit(add, number): number for number in range(20)}
        for call in concurrent.futures.as_completed(calls):
            tap.equal(call.result(), calls[call] + 1)
        assert isinstance(loop.submit(raise_it, "x").exception(), LookupError)
        tap.equal(heard, [])
        path = new_path()
        late = loop.submit(compute_until, path)
        raised(lambda: late.result(0), concurrent.futures.TimeoutError)
        in_thread = []

        def wait():
            in_thread.append(late.result())
            GLib.MainContext.default().wakeup()

        thread = threading.Thread(target=wait)
        thread.start()
        open(path, "w").close()
        tap.iterate_until(lambda: in_thread)
        thread.join()
        tap.equal(in_thread, ["computed"])


def test_without_results():
    """Calls and streams give results also where handlers are to hear of none"""
    with a_loop(has_results=False) as loop:
        heard = []
        loop.add_output_handler(heard.append)
        loop.add_event(add, 1)
        tap.equal(loop.submit(add, 1).result(10), 2)
        tap.equal(loop.submit(answer_late, 3).result(10), 3)
        tap.equal(list(loop.stream(count, 3)), [0, 1, 2])
        assert isinstance(loop.submit(raise_it, "x").exception(10), LookupError)
        loop.add_event(add, 1)
        loop.wait()
        tap.equal((heard, loop.has_results), ([], False))


def test_other_threads():
    """Another thread may submit, and wait, while this one looks after the loop"""
    with a_loop() as loop:
        got = []

        def work():
            got.append(loop.submit(add, 1).result())
            got.append(type(loop.submit(raise_it, "x").exception()).__name__)
            got.append(type(loop.submit(add, threading.Lock()).exception()).__name__)
            got.append(asyncio.run(call()))
            GLib.MainContext.default().wakeup()

        async def call():
            return await loop.call(add, 2)

        thread = threading.Thread(target=work)
        thread.start()
        tap.iterate_until(lambda: len(got) == 4)
        thread.join()
        tap.equal(got, [2, "LookupError", "TypeError", 3])


def test_executor():
    """A pool is an executor of concurrent.futures"""
    with a_loop(Mpel.Pool, max_workers=2) as pool:
        assert isinstance(pool, concurrent.futures.Executor)
        tap.equal(list(pool.map(add, range(10), range(10))), [2 * number for number in range(10)])

        async def main():
            running = asyncio.get_running_loop()
            return await asyncio.gather(*(running.run_in_executor(pool, add, number) for number in range(10)))

        tap.equal(asyncio.run(main()), list(range(1, 11)))
        raised(lambda: list(pool.map(raise_it, "ab")), LookupError)
        events = pool.map(add, iter_args=[(1, 2), 3], iter_kwargs=[{}, {"value2": 5}])
        tap.equal([event.results for event in events], [3, 8])
        call = pool.submit(add, 1)
        pool.shutdown()
        tap.equal(call.result(), 2)
        raised(lambda: pool.submit(add, 1), RuntimeError)
    with a_loop(Mpel.Pool, 1) as pool:
        path = new_path()
        calls = [pool.submit(sleep_for_ever, path)] + [pool.submit(add, number) for number in range(5)]
        iterate_until_there(path + ".begun")
        pool.shutdown(cancel_futures=True)
        assert all(call.done() for call in calls)


def test_spawn():
    """Without asyncio, the main context runs coroutines of the host"""
    with a_loop() as loop:

        async def work(number):
            assert asyncio._get_running_loop() is None
            values = [value async for value in loop.stream(count_late, number)]
            return await loop.call(add, len(values))

        async def fail():
            await loop.call(raise_it, "x")

        async def nest():
            inner = Mpel.spawn(work(2))
            return await inner, await Mpel.spawn(work(3))

        tasks = [Mpel.spawn(work(number)) for number in range(3)]
        assert not any(task.done() for task in tasks)
        tap.equal([task.result() for task in tasks], [1, 2, 3])
        tap.equal(Mpel.spawn(nest()).result(), (3, 4))
        raised(Mpel.spawn(fail()).result, LookupError)
        called = []
        task = Mpel.spawn(work(1))
        task.add_done_callback(called.append)
        tap.iterate_until(lambda: called)
        raised(Mpel.spawn(only_asyncio()).result, RuntimeError)

        call = loop.call(add, 1)
        for odd in work, call:
            assert "spawn () takes a coroutine" in str(raised(lambda odd=odd: Mpel.spawn(odd), TypeError))
        tap.equal(call.result(), 2)


async def only_asyncio():
    await asyncio.sleep(1)


def test_spawn_cancel():
    """A task that is cancelled cancels what it waits for, and may tidy up"""
    with a_loop() as loop:
        path = new_path()
        tidied = []

        async def work():
            try:
                await loop.call(sleep_for_ever, path)
            except asyncio.CancelledError:
                tidied.append(await loop.call(add, 1))
                raise

        task = Mpel.spawn(work())
        iterate_until_there(path + ".begun")
        tap.equal(task.cancel(), True)
        raised(task.result, concurrent.futures.CancelledError)
        tap.equal((tidied, task.cancelled(), task.cancel()), ([2], True, False))
        iterate_until_there(path)
        early = Mpel.spawn(work())
        early.cancel()
        raised(early.result, concurrent.futures.CancelledError)
        loop.wait()


def test_spawn_cancel_itself():
    """A task that is cancelled while it runs is cancelled where it waits next, or at its end"""
    with a_loop() as loop:

        async def work(then):
            tasks[-1].cancel()
            return await then if then is not None else None

        calls = loop.submit(sleep_for_ever, new_path()), loop.submit(compute_until_cancelled, new_path())
        tasks = []
        for then in (*calls, None):
            tasks.append(Mpel.spawn(work(then)))
            tap.iterate_until(tasks[-1].done)
            assert tasks[-1].cancelled()
        assert all(call.cancelled() for call in calls)
        loop.wait()


def test_main_loop():
    """Under a main loop of GLib, tasks run between everything else"""
    main = GLib.MainLoop()
    got = []
    with a_loop() as loop:

        async def work():
            got.append(await loop.call(add, 1))
            async for value in loop.stream(count, 3):
                got.append(value)
            main.quit()

        Mpel.spawn(work())
        main.run()
        tap.equal(got, [2, 0, 1, 2])


def test_interrupt():
    """Ctrl-C interrupts what asyncio.run () waits for"""
    with a_loop() as loop:
        path = new_path()

        async def main():
            call = loop.call(sleep_for_ever, path)
            await until(path + ".begun")
            os.kill(os.getpid(), signal.SIGINT)
            await call

        raised(lambda: asyncio.run(main()), KeyboardInterrupt)
        loop.wait()


def test_nothing_is_kept():
    """Futures, streams and tasks go when nobody has them"""
    with a_loop() as loop:

        async def work():
            return [await loop.call(add, 1)] + [value async for value in loop.stream(count, 2)]

        call, task = loop.submit(add, 1), Mpel.spawn(work())
        stream = loop.stream(count, 3)
        tap.equal((call.result(), task.result(), list(stream)), (2, [2, 0, 1], [0, 1, 2]))
        refs = [weakref.ref(thing) for thing in (call, call.event, task, stream, stream.event)]
        del call, task, stream
        gc.collect()
        tap.equal([ref() for ref in refs], [None] * len(refs))


def test_unheard():
    """What fails without anybody to hear of it is printed"""
    with a_loop() as loop:
        printed = []
        old, sys.stderr = sys.stderr, type("Writer", (), {"write": lambda _, text: printed.append(text), "flush": lambda _: None})()
        try:
            loop.submit(raise_it, "unheard")
            loop.wait()
            gc.collect()
        finally:
            sys.stderr = old
        assert "LookupError: unheard" in "".join(printed), printed


def test_own_policy():
    """Under PyGObject's own event loop policy"""
    try:
        from gi.events import GLibEventLoopPolicy
    except ImportError:
        raise tap.Skip("PyGObject has a policy of its own from 3.50 on") from None
    asyncio.set_event_loop_policy(GLibEventLoopPolicy())
    try:
        with a_loop() as loop:

            async def work():
                return await loop.call(add, 1), [value async for value in loop.stream(count, 2)]

            tap.equal(asyncio.get_event_loop_policy().get_event_loop().run_until_complete(work()), (2, [0, 1]))
    finally:
        asyncio.set_event_loop_policy(None)


tests = [
    test_await,
    test_other_things_of_asyncio,
    test_without_await,
    test_signals,
    test_coroutines,
    test_cancel,
    test_cancel_before_it_begins,
    test_cancelled_by_others,
    test_streams,
    test_streams_end_early,
    test_streams_given_up,
    test_streams_fail,
    test_streams_of_functions,
    test_invocation,
    test_futures,
    test_without_results,
    test_other_threads,
    test_executor,
    test_spawn,
    test_spawn_cancel,
    test_spawn_cancel_itself,
    test_main_loop,
    test_interrupt,
    test_nothing_is_kept,
    test_unheard,
    test_own_policy,
]
tap.run(*tests)
