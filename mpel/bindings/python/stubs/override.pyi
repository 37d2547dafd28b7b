# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the override has of its own, with types. make-stubs.py puts it together with what C offers.

Names, order and defaults are those of the override, which a test compares. The keyword
**properties stands for the GObject properties of the class.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from types import ModuleType, TracebackType
from typing import Any, ClassVar, Literal, overload

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
    def __init__(self, create_func: Callable[..., Mapping[str, Any]], *args: Any, **kwargs: Any) -> None: ...

class VarEvent(CacheEvent):
    object_id: str
    def __init__(
        self, var_name: str, method_name: str | Callable[..., Any] | None, *args: Any, **kwargs: Any
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

class IterEventLoop(EventLoop): ...
class AsyncEventLoop(EventLoop): ...

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

class Pool:
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
        iter_args: Iterable[Any],
        iter_kwargs: Sequence[Mapping[str, Any]] | None = None,
        cache: bool = False,
    ) -> list[Event]: ...
    @overload
    def map(
        self,
        func: str,
        iter_args: GLib.Variant,
        iter_kwargs: MapPolicy,
        cache: Gio.Cancellable | None = None,
    ) -> GLib.Variant: ...

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
    has_results: bool | None = None,
) -> EventLoop: ...
def add_output_handler(handler: _F) -> _F: ...
def insert_output_handler(index: int, handler: _F) -> _F: ...
def add_event(
    target: Callable[..., Any] | str | Event, *args: Any, start_loop: bool = True, **kwargs: Any
) -> Event: ...
def add_cache_event(target: Any, *args: Any, start_loop: bool = True, **kwargs: Any) -> Event: ...
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
