# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the override has of its own, with types. make-stubs.py puts it together with what C offers.

Names, order and defaults are those of the override, which a test compares. The keyword
**properties stands for the GObject properties of the class.
"""

import concurrent.futures
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Generator, Iterable, Iterator, Mapping
from collections.abc import Sequence
from types import ModuleType, TracebackType
from typing import Any, ClassVar, Generic, Literal, overload

from gi.repository import Gio, GLib, GObject
from typing_extensions import ParamSpec, Self, TypeAlias, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_F = TypeVar("_F", bound=Callable[..., Any])
# make-stubs.py says that each __init__ is of any class: where GObject.Object is unknown, mypy takes it for
# one of the class that it was written in.
_Any = TypeVar("_Any")
_Handler: TypeAlias = Callable[[Any], object]
# What add_event () takes, in one value.
_Given: TypeAlias = Event | Callable[..., Any] | Sequence[Any] | Mapping[str, Any]

class _Awaitable(concurrent.futures.Future[_R]):
    def __init__(self, home: Any) -> None: ...
    def result(self, timeout: float | None = None) -> _R: ...
    def exception(self, timeout: float | None = None) -> BaseException | None: ...
    def add_done_callback(self, function: Callable[[Self], object]) -> None: ...
    def __await__(self) -> Generator[Any, None, _R]: ...

class _Future(_Awaitable[_R]):
    """What calls give."""
    @property
    def event(self) -> Event | None: ...

class Task(_Awaitable[_R]):
    def __init__(self, coroutine: Coroutine[Any, Any, _R]) -> None: ...
    def cancel(self) -> bool: ...

class ValueStream(Generic[_R]):
    event: Event
    def __init__(self, home: Any, event: Event) -> None: ...
    def __aiter__(self) -> AsyncIterator[_R]: ...
    async def __anext__(self) -> _R: ...
    def __iter__(self) -> Iterator[_R]: ...
    def __next__(self) -> _R: ...
    def close(self) -> None: ...
    async def aclose(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *_: object) -> None: ...

class Invocation:
    def progress(self, fraction: float, message: str | None = None) -> None: ...
    def is_cancelled(self) -> bool: ...

class Event:
    target: Any
    args: Any
    kwargs: Any
    has_output: bool
    event_key: str | None
    results: Any
    error: BaseException | None
    def __init__(
        self,
        target: Callable[..., Any] | str | None = None,
        *args: Any,
        has_output: bool = True,
        event_key: str | None = None,
        **kwargs: Any,
    ) -> None: ...
    def run(self) -> Any: ...
    def exec_(self) -> None: ...
    def get_traceback(self) -> str | None: ...

class CacheEvent(Event):
    object: Any
    method_name: str | None
    re_register: bool
    def __init__(
        self,
        target: Any,
        *args: Any,
        has_output: bool = True,
        event_key: str | None = None,
        cache: bool | None = None,
        re_register: bool = False,
        **kwargs: Any,
    ) -> None: ...

class CacheObjectEvent(CacheEvent): ...

class SaveVarEvent(CacheEvent):
    def __init__(
        self,
        create_func: Callable[..., Mapping[str, Any]],
        *args: Any,
        has_output: bool = True,
        event_key: str | None = None,
        cache: bool | None = None,
        re_register: bool = False,
        **kwargs: Any,
    ) -> None: ...

class VarEvent(CacheEvent):
    object_id: str
    def __init__(
        self,
        var_name: str,
        method_name: str | Callable[..., Any] | None,
        *args: Any,
        has_output: bool = True,
        event_key: str | None = None,
        cache: bool | None = None,
        re_register: bool = False,
        **kwargs: Any,
    ) -> None: ...

class EventLoop:
    alive_event_class: ClassVar[Any]
    queue_class: ClassVar[Any]
    event_loop_class: ClassVar[Any]
    consumer_loop_class: ClassVar[Any]
    output_handlers: list[_Handler]
    event_queue: Any
    consumer_queue: Any
    initialize_process: Callable[[], Any] | None
    name: str
    has_results: bool
    def __init__(
        self,
        output_handlers: _Handler | Sequence[_Handler] | None = None,
        event_queue: Any = None,
        consumer_queue: Any = None,
        initialize_process: Callable[[], Any] | None = None,
        name: str = "main",
        has_results: bool = True,
        **properties: Any,
    ) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, where: TracebackType | None
    ) -> Literal[False]: ...
    @overload
    def add_output_handler(self, handler: _F) -> _F: ...
    @overload
    def add_output_handler(self, handler: Callable[..., object], data: Any, *more_data: Any) -> int: ...
    @overload
    def insert_output_handler(self, index: int, handler: _F) -> _F: ...
    @overload
    def insert_output_handler(self, index: int, handler: Callable[..., object], data: Any, *more_data: Any) -> int: ...
    def remove_output_handler(self, handler: _Handler | int) -> bool: ...
    def process_output(self, event: Event) -> bool: ...
    def add_event(
        self,
        target: Callable[..., Any] | str | Event,
        *args: Any,
        has_output: bool | None = None,
        event_key: str | None = None,
        cache: bool = False,
        re_register: bool = False,
        **kwargs: Any,
    ) -> Event: ...
    def add_cache_event(
        self,
        target: Any,
        *args: Any,
        has_output: bool | None = None,
        event_key: str | None = None,
        re_register: bool = False,
        **kwargs: Any,
    ) -> Event: ...
    def cache_object(
        self, obj: Any, has_output: bool = False, event_key: str | None = None, re_register: bool = False
    ) -> Event: ...
    def is_object_cached(self, obj: Any) -> bool: ...
    def release_object(self, obj: Any) -> bool: ...
    def save_variables(
        self,
        create_func: Callable[..., Mapping[str, Any]] | CacheEvent | str,
        *args: Any,
        event_key: str | None = None,
        re_register: bool = False,
        **kwargs: Any,
    ) -> Event: ...
    def add_var_event(
        self,
        var_name: str,
        target: str | Callable[..., Any] | CacheEvent | None = None,
        *args: Any,
        has_output: bool | None = None,
        event_key: str | None = None,
        re_register: bool = False,
        **kwargs: Any,
    ) -> Event: ...
    @overload
    def call(
        self, target: Callable[_P, Coroutine[Any, Any, _R]], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> _Future[_R]: ...
    @overload
    def call(
        self, target: Callable[_P, Generator[Any, Any, _R]], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> _Future[_R]: ...
    @overload
    def call(self, target: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _Future[_R]: ...
    @overload
    def call(self, target: str | Event, /, *args: Any, **kwargs: Any) -> _Future[Any]: ...
    @overload
    def submit(
        self, target: Callable[_P, Coroutine[Any, Any, _R]], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> _Future[_R]: ...
    @overload
    def submit(
        self, target: Callable[_P, Generator[Any, Any, _R]], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> _Future[_R]: ...
    @overload
    def submit(self, target: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _Future[_R]: ...
    @overload
    def submit(self, target: str | Event, /, *args: Any, **kwargs: Any) -> _Future[Any]: ...
    @overload
    def call_with(
        self,
        target: Callable[..., Coroutine[Any, Any, _R]],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        progress: Callable[[float, str | None], object] | None = None,
        cancellable: Gio.Cancellable | None = None,
        priority: int | None = None,
        timeout: float | None = None,
        event_key: str | None = None,
    ) -> _Future[_R]: ...
    @overload
    def call_with(
        self,
        target: Callable[..., Generator[Any, Any, _R]],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        progress: Callable[[float, str | None], object] | None = None,
        cancellable: Gio.Cancellable | None = None,
        priority: int | None = None,
        timeout: float | None = None,
        event_key: str | None = None,
    ) -> _Future[_R]: ...
    @overload
    def call_with(
        self,
        target: Callable[..., _R],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        progress: Callable[[float, str | None], object] | None = None,
        cancellable: Gio.Cancellable | None = None,
        priority: int | None = None,
        timeout: float | None = None,
        event_key: str | None = None,
    ) -> _Future[_R]: ...
    @overload
    def call_with(
        self,
        target: str | Event,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        progress: Callable[[float, str | None], object] | None = None,
        cancellable: Gio.Cancellable | None = None,
        priority: int | None = None,
        timeout: float | None = None,
        event_key: str | None = None,
    ) -> _Future[Any]: ...
    @overload
    def stream(
        self, target: Callable[_P, AsyncIterable[_R]], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> ValueStream[_R]: ...
    @overload
    def stream(self, target: Callable[_P, Iterable[_R]], /, *args: _P.args, **kwargs: _P.kwargs) -> ValueStream[_R]: ...
    @overload
    def stream(self, target: str | Event, /, *args: Any, **kwargs: Any) -> ValueStream[Any]: ...
    @overload
    def stream_with(
        self,
        target: Callable[..., AsyncIterable[_R]],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        cancellable: Gio.Cancellable | None = None,
        priority: int | None = None,
        timeout: float | None = None,
    ) -> ValueStream[_R]: ...
    @overload
    def stream_with(
        self,
        target: Callable[..., Iterable[_R]],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        cancellable: Gio.Cancellable | None = None,
        priority: int | None = None,
        timeout: float | None = None,
    ) -> ValueStream[_R]: ...
    @overload
    def stream_with(
        self,
        target: str | Event,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        cancellable: Gio.Cancellable | None = None,
        priority: int | None = None,
        timeout: float | None = None,
    ) -> ValueStream[Any]: ...
    def set_consumer(self, consumer: EventLoop | None) -> None: ...
    def set_launcher(self, launcher: Launcher) -> None: ...
    def start(self) -> bool: ...
    def is_running(self) -> bool: ...
    def is_event_process_alive(self) -> bool: ...
    def is_consumer_process_alive(self) -> bool: ...
    def run(
        self,
        events: _Given | Sequence[_Given] | None = None,
        output_handlers: _Handler | Sequence[_Handler] | None = None,
    ) -> None: ...
    def run_until_complete(
        self,
        events: _Given | Sequence[_Given] | None = None,
        output_handlers: _Handler | Sequence[_Handler] | Gio.Cancellable | None = None,
    ) -> bool: ...
    def wait(self, cancellable: Gio.Cancellable | None = None) -> bool: ...
    def stop(self, cancellable: Gio.Cancellable | None = None) -> bool: ...
    def close(self, cancellable: Gio.Cancellable | None = None) -> bool: ...

class IterEventLoop(EventLoop):
    def add_event(
        self,
        target: Callable[..., Any] | Iterable[Any] | str | Event,
        *args: Any,
        has_output: bool | None = None,
        event_key: str | None = None,
        cache: bool = False,
        re_register: bool = False,
        **kwargs: Any,
    ) -> Event: ...

class AsyncEventLoop(EventLoop):
    def async_event(
        self,
        coroutine_name: str | Callable[..., Any] | Event,
        *args: Any,
        has_output: bool | None = None,
        event_key: str | None = None,
        **kwargs: Any,
    ) -> Event: ...

class AsyncManager:
    COROUTINES: ClassVar[dict[str, Callable[..., Any]]]
    @overload
    @staticmethod
    def register(name: Callable[..., Any]) -> None: ...
    @overload
    @staticmethod
    def register(name: str, obj: Callable[..., Any] | None = None) -> None: ...
    @staticmethod
    def get(name: str | Callable[..., Any]) -> Callable[..., Any]: ...
    @staticmethod
    def get_name(obj: str | Callable[..., Any]) -> str: ...

class Pool(concurrent.futures.Executor):
    processes: int
    def __init__(
        self,
        processes: int | None = 1,
        output_handlers: _Handler | Sequence[_Handler] | None = None,
        event_queue: Any = None,
        consumer_queue: Any = None,
        initialize_process: Callable[[], Any] | None = None,
        name: str = "main",
        has_results: bool = True,
        *,
        n_workers: int | None = None,
        max_workers: int | None = None,
        **properties: Any,
    ) -> None: ...
    @overload
    def map(
        self,
        func: Callable[..., Any],
        *,
        iter_args: Iterable[Any],
        iter_kwargs: Iterable[Mapping[str, Any]] | None = None,
        cache: bool = False,
    ) -> list[Event]: ...
    @overload
    def map(
        self, func: Callable[..., _R], *iterables: Iterable[Any], timeout: float | None = None, chunksize: int = 1
    ) -> Iterator[_R]: ...
    @overload
    def map(
        self,
        func: str,
        args_array: GLib.Variant,
        policy: MapPolicy,
        cancellable: Gio.Cancellable | None = None,
    ) -> GLib.Variant: ...
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None: ...

class Proxy:
    PROXY_CLASS: ClassVar[type | None]
    PROPERTIES: ClassVar[Sequence[str]]
    GETTERS: ClassVar[Sequence[str]]
    __loop__: ClassVar[EventLoop | None]
    def __init__(self, *args: Any, loop: EventLoop | None = None, **kwargs: Any) -> None: ...
    def create_mp_object(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any: ...
    def sync_mp_object(self) -> None: ...
    def mp_wait(self) -> None: ...
    def is_mp_proxy(self) -> bool: ...
    def __getattr__(self, name: str) -> Any: ...
    def __setattr__(self, name: str, value: Any) -> None: ...

class Worker:
    @staticmethod
    def get_default() -> Worker | None: ...
    def run(self) -> int: ...

class RemoteError(Exception):
    type_name: str
    message: str
    def __init__(self, type_name: str, message: str = "") -> None: ...

def get_event_loop(
    output_handlers: _Handler | Sequence[_Handler] | None = None,
    event_queue: Any = None,
    consumer_queue: Any = None,
    initialize_process: Callable[[], Any] | None = None,
    name: str | None = None,
    has_results: bool = True,
) -> EventLoop: ...
def add_output_handler(handler: _F) -> _F: ...
def insert_output_handler(index: int, handler: _F) -> _F: ...
def add_event(
    target: Callable[..., Any] | str | Event,
    *args: Any,
    has_output: bool | None = None,
    event_key: str | None = None,
    cache: bool = False,
    re_register: bool = False,
    start_loop: bool = True,
    **kwargs: Any,
) -> Event: ...
def add_cache_event(
    target: Any,
    *args: Any,
    has_output: bool | None = None,
    event_key: str | None = None,
    re_register: bool = False,
    start_loop: bool = True,
    **kwargs: Any,
) -> Event: ...
def cache_object(*args: Any, **kwargs: Any) -> Event: ...
def is_running() -> bool: ...
def start() -> None: ...
def run(
    events: _Given | Sequence[_Given] | None = None,
    output_handlers: _Handler | Sequence[_Handler] | None = None,
) -> None: ...
def run_until_complete(
    events: _Given | Sequence[_Given] | None = None,
    output_handlers: _Handler | Sequence[_Handler] | None = None,
) -> bool: ...
def wait() -> None: ...
def stop() -> None: ...
def close() -> None: ...
def use(lib: str | ModuleType) -> None: ...

# None in the host. Functions of a worker need not ask.
def get_invocation() -> Invocation | Any: ...
def spawn(coroutine: Coroutine[Any, Any, _R]) -> Task[_R]: ...
