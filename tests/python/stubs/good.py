# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What users write. Checkers have nothing to say of it; it is never run."""

import concurrent.futures
from collections.abc import AsyncIterator, Iterator

import gi

gi.require_version("Mpel", "1")

from gi.repository import Gio, GLib, Mpel  # noqa: E402
from typing_extensions import assert_type  # noqa: E402


def add(a: int, b: int = 1) -> int:
    return a + b


def handle(event: Mpel.Event) -> bool:
    if event.error is not None:
        print(f"{event.event_key}: {event.error}")
    return event.results is None


class Later(Mpel.Event):
    def __init__(self, delay: int) -> None:
        super().__init__(None, delay, event_key="later")

    def run(self) -> int:
        return int(self.args[0])


class Point:
    def __init__(self, x: int = 0) -> None:
        self.x = x

    def move(self, x: int) -> None:
        self.x = x


class PointProxy(Mpel.Proxy):
    PROXY_CLASS = Point
    PROPERTIES = ["x"]
    GETTERS = ["get_x"]


def use_the_loop_of_the_program() -> None:
    with Mpel.get_event_loop(handle, has_results=True) as loop:
        assert_type(loop, Mpel.EventLoop)
        assert_type(Mpel.add_event(add, 1, b=2), Mpel.Event)
        Mpel.add_event(add, args=(1,), kwargs={"b": 2})
        Mpel.add_event(Later(3))
        Mpel.run([{"target": add, "args": (1,)}, (add, 1), Later(2), add], handle)
        Mpel.wait()
    Mpel.use("dill")


def use_own_loops(cancellable: Gio.Cancellable) -> None:
    loop = Mpel.EventLoop(output_handlers=[handle, print], name="own", max_pending=100, launcher=Mpel.Launcher())
    assert_type(loop.name, str)
    loop.name = "another"
    assert_type(loop.output_handlers.index(handle), int)
    assert_type(loop.add_output_handler(handle)(Mpel.Event()), bool)
    loop.remove_output_handler(handle)
    event = loop.add_event(add, 1, 2, event_key="sum", has_output=False)
    assert_type(event.get_state(), Mpel.EventState)
    assert_type(event.is_ended(), bool)
    assert_type(loop.run_until_complete([event], cancellable), bool)
    with Mpel.IterEventLoop(handle) as iterating, Mpel.AsyncEventLoop(handle) as asynchronous:
        assert_type(iterating, Mpel.IterEventLoop)
        iterating.add_event(iter([1, 2, 3]))
        assert_type(asynchronous, Mpel.AsyncEventLoop)
    loop.set_max_pending(1000)
    assert_type(loop.props.max_pending, int)
    loop.props.max_pending = 10
    assert_type(loop.close(), bool)


def use_objects(loop: Mpel.EventLoop) -> None:
    point = Point()
    loop.cache_object(point, has_output=True)
    assert_type(loop.is_object_cached(point), bool)
    loop.add_event(point.move, 3, cache=True)
    loop.save_variables(lambda: {"point": Point()})
    loop.add_var_event("point", "move", 3)
    assert_type(loop.add_var_event("point"), Mpel.Event)
    proxy = PointProxy(3, loop=loop)
    proxy.move(5)
    print(proxy.props.of_a_subclass)
    proxy.x = 2
    proxy.mp_wait()


def use_pool() -> None:
    with Mpel.Pool(4, handle, name="pool") as pool:
        assert_type(pool, Mpel.Pool)
        assert_type(sum(pool.map(add, range(10), range(10))), int)
        assert_type(pool.map(add, iter_args=[1, (2, 3)]), "list[Mpel.Event]")
        executor: concurrent.futures.Executor = pool
        assert_type(executor.submit(add, 1).result(), int)
        variant = pool.map("square", GLib.Variant("ai", [1, 2]), Mpel.MapPolicy.SKIP)
        print(variant.unpack())
        assert_type(pool.get_n_workers(), int)
        pool.shutdown(cancel_futures=True)
    Mpel.Pool(n_workers=2)


async def add_late(a: int, b: int) -> str:
    return str(a + b)


def count(n: int) -> Iterator[int]:
    Mpel.get_invocation().progress(0.5, "half")
    yield from range(n)


async def count_late(n: int) -> AsyncIterator[str]:
    yield str(n)


async def await_calls(loop: Mpel.EventLoop) -> float:
    assert_type(await loop.call(add, 1, b=2), int)
    assert_type(await loop.call(add_late, 1, 2), str)
    assert_type(await loop.call_with(add, (1, 2), timeout=3, progress=lambda part, text: print(part, text)), int)
    print(await loop.call_with(pow, (2, 3)))
    print(await loop.call("target", 1), await loop.call(Later(3)))
    async for number in loop.stream(count, 3):
        assert_type(number, int)
    async with loop.stream(count_late, n=3) as stream:
        async for text in stream:
            assert_type(text, str)
    for number in loop.stream_with(count, (3,), priority=1):
        assert_type(number, int)
    return 0.5


def spawn(loop: Mpel.EventLoop) -> None:
    task = Mpel.spawn(await_calls(loop))
    task.add_done_callback(lambda task: print(task.result() + 1))
    assert_type(task.cancel(), bool)
    future = loop.submit(add, 1)
    assert_type(future.result(timeout=3), int)
    assert_type(concurrent.futures.wait([future]).done.pop().result(), int)
    assert_type(future.exception(), "BaseException | None")


class Window:
    def __init__(self, loop: Mpel.EventLoop) -> None:
        self.loop = loop
        # The second is for the handlers of one kind of event; what handlers take is known.
        loop.connect("event-done", self.on_done)
        loop.connect("event-done::sum", self.on_done)
        loop.connect("event-progress", lambda loop, event: print(loop.get_n_pending(), event.get_progress()))
        loop.connect("notify::state", lambda loop, spec: print(spec.name))
        loop.call_async("target", GLib.Variant("(i)", (1,)), None, None, self.on_called)
        loop.call_async("target", None, None, None, self.on_called_with, "text", 3)
        loop.wait_async(None)

    def on_done(self, loop: Mpel.EventLoop, event: Mpel.Event) -> bool:
        return loop.get_worker_pid() > 0 and event.get_progress() < 1

    def on_called(self, loop: Mpel.EventLoop, result: Gio.AsyncResult) -> None:
        try:
            print(loop.call_finish(result).unpack())
        except GLib.Error as error:
            if error.matches(Mpel.loop_error_quark(), Mpel.LoopError.WORKER_LOST):
                print(error.message)

    def on_called_with(self, loop: Mpel.EventLoop, result: Gio.AsyncResult, text: str, n: int) -> None:
        print(loop.call_finish(result).unpack(), text * n)


def answer(invocation: Mpel.Invocation) -> None:
    try:
        invocation.report_progress(0.5, "half")
        invocation.return_value(invocation.get_args())
    except Mpel.RemoteError as error:
        invocation.return_exception(error.type_name, error.message)


def work() -> int:
    worker = Mpel.Worker.get_default()
    if worker is None:
        return 1
    worker.add_handler("answer", answer)
    worker.add_function("function", lambda invocation, args, kwargs: args)
    worker.add_class(Window)
    return worker.run()


def launch() -> Mpel.Launcher:
    launcher = Mpel.Launcher(argv=["worker"], flags=Mpel.LauncherFlags.LOG_OUTPUT)
    launcher.setenv("NAME", "value")
    assert_type(launcher.get_argv(), "list[str] | None")
    return launcher


@Mpel.AsyncManager.get
def get_name(name: str) -> str:
    return Mpel.AsyncManager.get_name(name)
