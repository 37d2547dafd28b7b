# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What programs do with executors of concurrent.futures, done with a pool and with a loop."""

import asyncio
import concurrent.futures
import contextlib
import functools
import gc
import io
import os
import signal
import tempfile
import threading
import weakref
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION

import tap
from gi.repository import GLib, Mpel

# ---- in the worker ----


def add(value, value2=1):
    return value + value2


def fail(text):
    raise ValueError(text)


def end_worker():
    os.kill(os.getpid(), signal.SIGKILL)


def touch_and_wait_for(path, awaited):
    """Tells that it is there, and returns when somebody else says so too."""
    open(path, "w").close()
    while not os.path.exists(awaited):
        pass
    return os.getpid()


def compute_until_cancelled(path):
    open(path, "w").close()
    while not Mpel.get_invocation().is_cancelled():
        pass


# ---- in the host ----

folder = tempfile.TemporaryDirectory()
n_paths = 0


def new_path():
    global n_paths

    n_paths += 1
    return f"{folder.name}/{n_paths}"


def touch(path):
    open(path, "w").close()


def iterate_until_there(path):
    """Nothing but a look tells of a file."""
    looks = GLib.timeout_add(1, lambda: GLib.SOURCE_CONTINUE)
    tap.iterate_until(lambda: os.path.exists(path))
    GLib.source_remove(looks)


def raised(function, kind):
    try:
        function()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


def in_pool(function):
    """A test that is given a pool of two. Nothing may be left of it."""

    def test():
        pool = Mpel.Pool(max_workers=2)
        gone = weakref.ref(pool)
        try:
            function(pool)
            pool.close()
        except BaseException:
            pool.terminate()
            raise
        del pool
        gc.collect()
        while gone() is not None:
            GLib.MainContext.default().iteration(False)
        tap.equal(tap.children(), [])

    test.__doc__ = function.__doc__
    return test


@in_pool
def all_submitted(pool):
    """Many calls are submitted, and waited for in any way"""
    calls = {pool.submit(add, number, value2=2): number for number in range(300)}
    for call in concurrent.futures.as_completed(calls):
        tap.equal(call.result(), calls[call] + 2)
    calls = [pool.submit(add, number) for number in range(50)]
    done = concurrent.futures.wait(calls, return_when=ALL_COMPLETED)
    tap.equal((len(done.done), len(done.not_done)), (50, 0))
    tap.equal([call.result() for call in calls], list(range(1, 51)))
    tap.equal([call.done() for call in calls], [True] * 50)
    tap.equal(pool.submit(functools.partial(add, 1), value2=5).result(), 6)
    tap.equal(pool.submit(lambda: bytes(3_000_000)).result(), bytes(3_000_000))


@in_pool
def first_submitted(pool):
    """Who waits for the first of several calls has it, while the others go on"""
    path = new_path()
    slow = pool.submit(touch_and_wait_for, new_path(), path)
    quick = pool.submit(add, 1)
    done = concurrent.futures.wait([slow, quick], return_when=FIRST_COMPLETED)
    tap.equal((done.done, done.not_done), ({quick}, {slow}))
    tap.equal((slow.running(), slow.done(), quick.running()), (True, False, False))
    bad = pool.submit(fail, "at once")
    done = concurrent.futures.wait([slow, bad], return_when=FIRST_EXCEPTION)
    tap.equal((done.done, done.not_done, str(bad.exception())), ({bad}, {slow}, "at once"))
    done = concurrent.futures.wait([slow], timeout=0.01)
    tap.equal((done.done, done.not_done), (set(), {slow}))
    raised(lambda: slow.result(timeout=0.01), concurrent.futures.TimeoutError)
    raised(lambda: next(concurrent.futures.as_completed([slow], timeout=0.01)), concurrent.futures.TimeoutError)
    touch(path)
    assert slow.result(timeout=60) != os.getpid()


@in_pool
def with_threads(pool):
    """Calls of a pool and of threads are waited for together"""
    path, both = new_path(), []
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        calls = [pool.submit(touch_and_wait_for, path, path), threads.submit(lambda: iterate_in_thread(path))]
        for call in concurrent.futures.as_completed(calls):
            both.append(call.result())
    tap.equal(sorted(map(type, both), key=str), [int, str])


def iterate_in_thread(path):
    while not os.path.exists(path):
        pass
    return threading.current_thread().name


@in_pool
def at_once(pool):
    """Two workers work at once"""
    paths = new_path(), new_path()
    calls = [pool.submit(touch_and_wait_for, *paths), pool.submit(touch_and_wait_for, *reversed(paths))]
    tap.equal(len({call.result() for call in calls}), 2)


@in_pool
def mapped(pool):
    """map () gives results in order, as far as the shortest iterable goes, and the first error in its place"""
    tap.equal(list(pool.map(add, range(20), range(100, 110))), [100 + 2 * number for number in range(10)])
    tap.equal(list(pool.map(add, range(20), chunksize=5)), list(range(1, 21)))
    tap.equal(list(pool.map(len, ["ab", "c"])), [2, 1])
    tap.equal(list(pool.map(add, [])), [])
    results = pool.map(int, ["1", "x", "3"])
    tap.equal(next(results), 1)
    assert "'x'" in str(raised(lambda: next(results), ValueError))
    raised(lambda: next(results), StopIteration)
    path, there = new_path(), new_path()
    results = pool.map(touch_and_wait_for, [there], [path], timeout=0.01)
    raised(lambda: next(results), concurrent.futures.TimeoutError)
    touch(path)
    pool.wait()


@in_pool
def map_failed(pool):
    """When map () has raised the first error, those of the other calls are not printed"""
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed):
        results = pool.map(fail, ["first", "second", "third"])
        pool.wait()
        raised(lambda: list(results), ValueError)
        del results
        gc.collect()
    tap.equal(printed.getvalue(), "")


@in_pool
def map_dropped(pool):
    """Who never asks map () for results has the errors printed"""
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed):
        results = pool.map(fail, ["unseen"])
        pool.wait()
        del results
        gc.collect()
    assert "ValueError: unseen" in printed.getvalue()


@in_pool
def map_left(pool):
    """Who leaves map () early cancels what has not begun"""
    paths = [new_path() for number in range(10)]
    results = pool.map(touch_and_wait_for, paths, paths)
    next(results)
    results.close()
    pool.wait()
    tap.equal(pool.get_n_pending(), 0)


@in_pool
def seed_map(pool):
    """Where output handlers are to hear of the results, or with the seed's arguments, map () is the seed's"""
    args, kwargs, heard = [(1, 2), (3, 4), 5], [{}, {}, {"value2": 6}, {"value2": 7}], []
    events = pool.map(add, iter_args=args, iter_kwargs=kwargs)
    tap.equal([event.results for event in events], [3, 7, 11])
    tap.equal([event.results for event in pool.map(add, args, iter_kwargs=kwargs)], [3, 7, 11])
    tap.equal([event.results for event in pool.map(add, args[:2], cache=True)], [3, 7])
    pool.add_output_handler(heard.append)
    for arguments, last in (
        ((args, kwargs), 11),
        ((args, kwargs, True), 11),
        ((args, kwargs[:1], False), 6),
        ((args, None), 6),
        ((args,), 6),
    ):
        heard.clear()
        pool.map(add, *arguments)
        tap.equal(sorted(event.results for event in heard), sorted([3, 7, last]))
    tap.equal(list(pool.map(add, range(3), range(3))), [0, 2, 4])
    tap.equal(len(heard), 3)


@in_pool
def exceptions(pool):
    """An exception is that which was raised, and tells where that was"""
    call = pool.submit(fail, "why")
    error = call.exception()
    tap.equal((type(error), str(error)), (ValueError, "why"))
    assert "in fail" in str(error.__cause__), error.__cause__
    raised(call.result, ValueError)
    raised(lambda: pool.submit(add, threading.Lock()), TypeError)
    call = pool.submit(end_worker)
    assert isinstance(call.exception(), GLib.Error), call.exception()
    tap.equal(pool.submit(add, 1).result(), 2)


@in_pool
def callbacks(pool):
    """Callbacks come once, on the loop's own thread, also when a call is done already or cancelled"""
    told = []

    def tell(call):
        told.append((call, threading.current_thread() is threading.main_thread()))

    call = pool.submit(add, 1)
    call.add_done_callback(tell)
    call.result()
    call.add_done_callback(tell)
    path = new_path()
    blocked = [pool.submit(touch_and_wait_for, new_path(), path) for _ in range(2)]
    queued = pool.submit(add, 1)
    queued.add_done_callback(tell)
    assert queued.cancel() and queued.cancelled() and queued.done()
    raised(queued.result, concurrent.futures.CancelledError)
    tap.equal(told, [(call, True), (call, True), (queued, True)])
    for other in blocked:
        assert other.cancel() and other.cancelled()
    touch(path)


@in_pool
def cancelled(pool):
    """A call that runs is cancelled, and its worker goes on with others"""
    path = new_path()
    call = pool.submit(compute_until_cancelled, path)
    iterate_until_there(path)
    assert call.running()
    assert call.cancel() and not call.running()
    done = concurrent.futures.wait([call])
    tap.equal(done.done, {call})
    tap.equal(list(pool.map(add, range(4))), [1, 2, 3, 4])


@in_pool
def under_asyncio(pool):
    """asyncio runs functions in a pool, and cancels them"""

    async def main():
        running = asyncio.get_running_loop()
        calls = [running.run_in_executor(pool, functools.partial(add, number), 5) for number in range(20)]
        tap.equal(await asyncio.gather(*calls), list(range(5, 25)))
        try:
            await running.run_in_executor(pool, fail, "why")
            raise AssertionError
        except ValueError as error:
            tap.equal(str(error), "why")
        path = new_path()
        call = running.run_in_executor(pool, compute_until_cancelled, path)
        while not os.path.exists(path):
            await asyncio.sleep(0.001)
        call.cancel()
        [error] = await asyncio.gather(call, return_exceptions=True)
        assert isinstance(error, asyncio.CancelledError), error
        tap.equal(await running.run_in_executor(pool, add, 1), 2)
        path = new_path()
        try:
            await asyncio.wait_for(running.run_in_executor(pool, compute_until_cancelled, path), 0.05)
            raise AssertionError
        except asyncio.TimeoutError:
            pass
        tasks = [asyncio.create_task(twice(pool, number)) for number in range(5)]
        tap.equal(await asyncio.gather(*tasks), [2, 3, 4, 5, 6])

    async def twice(pool, number):
        return await pool.call(add, await pool.call(add, number))

    asyncio.run(main())


def send_signal():
    os.kill(os.getppid(), signal.SIGUSR1)


@in_pool
def signals(pool):
    """Handlers of signals are called while somebody waits, those of asyncio too"""
    told = []

    async def main():
        running, heard = asyncio.get_running_loop(), asyncio.Event()
        running.add_signal_handler(signal.SIGUSR1, heard.set)
        for _ in range(5):
            await pool.call(send_signal)
            await heard.wait()
            heard.clear()
        running.remove_signal_handler(signal.SIGUSR1)
        signal.signal(signal.SIGUSR1, lambda *_: told.append("asyncio"))
        await pool.call(send_signal)
        while len(told) < 1:
            await asyncio.sleep(0.001)

    asyncio.run(main())
    signal.signal(signal.SIGUSR1, lambda *_: told.append("wait"))
    pool.submit(send_signal).result()
    while len(told) < 2:
        GLib.MainContext.default().iteration(False)
    tap.equal(told, ["asyncio", "wait"])
    signal.signal(signal.SIGUSR1, signal.SIG_DFL)


def memory():
    """The memory of this process, in KiB."""
    gc.collect()
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


@in_pool
def flat(pool):
    """Waiting costs no memory that stays, however often it is done"""

    async def await_in_turn(n):
        for number in range(n):
            await pool.call(add, number)

    def wait_in_turn(n):
        for number in range(n):
            pool.submit(add, number).result()

    for wait in (wait_in_turn, lambda n: asyncio.run(await_in_turn(n))):
        wait(500)
        before = memory()
        wait(3000)
        assert memory() - before < 200, (before, memory())


def shut():
    """shutdown () waits, or lets what was submitted end; nothing can be submitted after it"""
    with Mpel.Pool(1) as pool:
        calls = [pool.submit(add, number) for number in range(5)]
    tap.equal([call.done() for call in calls], [True] * 5)

    pool = Mpel.Pool(1)
    call = pool.submit(add, 1)
    pool.shutdown()
    tap.equal((call.done(), call.result(), tap.children()), (True, 2, []))
    raised(lambda: pool.submit(add, 1), RuntimeError)
    raised(lambda: list(pool.map(add, [1])), RuntimeError)
    pool.shutdown()

    pool, path = Mpel.Pool(1), new_path()
    calls = [pool.submit(touch_and_wait_for, new_path(), path), pool.submit(add, 1)]
    pool.shutdown(wait=False)
    touch(path)
    tap.equal(calls[1].result(), 2)
    tap.iterate_until(lambda: not tap.children())

    pool, path = Mpel.Pool(1), new_path()
    calls = [pool.submit(compute_until_cancelled, path)] + [pool.submit(add, number) for number in range(5)]
    iterate_until_there(path)
    pool.shutdown(cancel_futures=True)
    tap.equal([call.done() for call in calls], [True] * 6)
    for call in calls:
        assert call.cancelled()
        raised(call.result, concurrent.futures.CancelledError)
    tap.equal(tap.children(), [])


def dropped():
    """A pool that nobody holds lets what was submitted end, and goes"""
    results = [call.result() for call in submit_some()]
    tap.equal(results, [1, 2, 3])
    gc.collect()
    while tap.children():
        GLib.MainContext.default().iteration(False)


def submit_some():
    pool = Mpel.Pool(1)
    return [pool.submit(add, number) for number in range(3)]


def main():
    tap.run(
        all_submitted,
        first_submitted,
        with_threads,
        at_once,
        mapped,
        map_failed,
        map_dropped,
        map_left,
        seed_map,
        exceptions,
        callbacks,
        cancelled,
        under_asyncio,
        signals,
        flat,
        shut,
        dropped,
    )


if __name__ == "__main__":
    main()
