# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the seed offers is here, by the same names, with the same arguments and defaults."""

import ast
import inspect
import multiprocessing
import threading

import tap
from gi.repository import Mpel

FUNCTIONS = """
get_event_loop(output_handlers=None, event_queue=None, consumer_queue=None, initialize_process=None, name=None, has_results=True)
add_output_handler(handler)
insert_output_handler(index, handler)
add_event(target, *args, has_output=None, event_key=None, cache=False, re_register=False, start_loop=True, **kwargs)
add_cache_event(target, *args, has_output=None, event_key=None, re_register=False, start_loop=True, **kwargs)
cache_object(*args, **kwargs)
is_running()
start()
run(events=None, output_handlers=None)
run_until_complete(events=None, output_handlers=None)
wait()
stop()
close()
use(lib)
"""

LOOP = """
__init__(self, output_handlers=None, event_queue=None, consumer_queue=None, initialize_process=None, name='main', has_results=True)
add_output_handler(self, handler)
insert_output_handler(self, index, handler)
process_output(self, event)
add_event(self, target, *args, has_output=None, event_key=None, cache=False, re_register=False, **kwargs)
add_cache_event(self, target, *args, has_output=None, event_key=None, re_register=False, **kwargs)
cache_object(self, obj, has_output=False, event_key=None, re_register=False)
is_object_cached(self, obj)
save_variables(self, create_func, *args, event_key=None, re_register=False, **kwargs)
add_var_event(self, var_name, target, *args, has_output=None, event_key=None, re_register=False, **kwargs)
is_running(self)
is_event_process_alive(self)
is_consumer_process_alive(self)
start(self)
run(self, events=None, output_handlers=None)
run_until_complete(self, events=None, output_handlers=None)
wait(self)
stop(self)
close(self)
"""

CACHE_EVENT = "(self, {}*args, has_output=True, event_key=None, cache=None, re_register=False, **kwargs)"

METHODS = {
    "EventLoop": LOOP,
    "IterEventLoop": LOOP,
    "AsyncEventLoop": LOOP + "async_event(self, coroutine_name, *args, has_output=None, event_key=None, **kwargs)",
    "Pool": LOOP.replace("(self, output_handlers", "(self, processes=1, output_handlers"),
    "AsyncManager": "register(name, obj=None)\nget(name)\nget_name(obj)",
    "Event": "__init__(self, target, *args, has_output=True, event_key=None, **kwargs)\nrun(self)\nexec_(self)",
    "CacheEvent": "__init__" + CACHE_EVENT.format("target, "),
    "CacheObjectEvent": "__init__" + CACHE_EVENT.format("target, "),
    "SaveVarEvent": "__init__" + CACHE_EVENT.format("create_func, "),
    "VarEvent": "__init__" + CACHE_EVENT.format("var_name, method_name, "),
    "Proxy": """
__init__(self, *args, loop=None, **kwargs)
create_mp_object(self, args, kwargs)
sync_mp_object(self)
mp_wait(self)
is_mp_proxy(self)
""",
}

REQUIRED = inspect.Parameter.empty
BY_PLACE = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def parse(declarations):
    """Name and signature of each."""
    for line in filter(None, map(str.strip, declarations.splitlines())):
        scope = {}
        exec(f"def {line}: pass", scope)
        name = ast.parse(f"def {line}: pass").body[0].name
        yield name, inspect.signature(scope[name])


def check_function(where, function, expected):
    """What may be given there may be given here, and means the same when it is not; more is no harm."""
    offered = inspect.signature(function).parameters
    places = [name for name, parameter in offered.items() if parameter.kind in BY_PLACE]
    for place, (name, parameter) in enumerate(expected.parameters.items()):
        assert name in offered, (where, name, "is missing")
        ours = offered[name]
        if parameter.default is not REQUIRED:
            tap.equal((where, name, ours.default), (where, name, parameter.default))
        if parameter.kind in BY_PLACE:
            assert name in places and places.index(name) == place, (where, name, "is at another place")
        else:
            tap.equal((where, name, ours.kind), (where, name, parameter.kind))
    for name, ours in offered.items():
        if name not in expected.parameters and ours.kind not in (ours.VAR_KEYWORD, ours.VAR_POSITIONAL):
            assert ours.default is not REQUIRED, (where, name, "must be given")


def functions():
    """The functions of the module"""
    for name, expected in parse(FUNCTIONS):
        check_function(name, getattr(Mpel, name), expected)


def classes():
    """The classes, and their methods"""
    for class_name, declarations in METHODS.items():
        for name, expected in parse(declarations):
            check_function(f"{class_name}.{name}", getattr(getattr(Mpel, class_name), name), expected)
    for child, parent in (
        ("IterEventLoop", "EventLoop"),
        ("AsyncEventLoop", "EventLoop"),
        ("Pool", "EventLoop"),
        ("CacheEvent", "Event"),
        ("CacheObjectEvent", "CacheEvent"),
        ("SaveVarEvent", "CacheEvent"),
        ("VarEvent", "CacheEvent"),
    ):
        assert issubclass(getattr(Mpel, child), getattr(Mpel, parent)), (child, parent)


def attributes():
    """What loops, events and proxies have, as it is when nothing was said"""
    loop = Mpel.EventLoop()
    tap.equal((loop.name, loop.has_results, loop.initialize_process, loop.output_handlers), ("main", True, None, []))
    assert loop.event_queue is not None and loop.consumer_queue is not None
    tap.equal((loop.is_running(), loop.is_event_process_alive()), (False, False))
    processors = Mpel.Pool(0).processes
    tap.equal([Mpel.Pool(3).processes, Mpel.Pool(None).processes, Mpel.Pool().processes], [3, processors, 1])
    tap.equal([Mpel.Pool(max_workers=2).processes, Mpel.Pool(n_workers=2).processes], [2, 2])
    ours = inspect.signature(Mpel.Pool.map).parameters
    seeds = {"iter_args": None, "iter_kwargs": None, "cache": False}
    tap.equal({name: ours[name].default for name in seeds}, seeds)
    event = Mpel.Event(max, 1, event_key="key", default=2)
    tap.equal((event.target, event.args, event.kwargs), (max, (1,), {"default": 2}))
    tap.equal((event.results, event.error, event.has_output, event.event_key), (None, None, True, "key"))
    event = Mpel.Event(max, args=(1, 2), kwargs={"key": abs})
    tap.equal((event.args, event.kwargs, event.event_key), ((1, 2), {"key": abs}, None))
    tap.equal((Mpel.Proxy.PROPERTIES, Mpel.Proxy.GETTERS, Mpel.Proxy.__loop__), ([], [], None))
    tap.equal(Mpel.AsyncManager.COROUTINES, {})


def class_variables():
    """The class variables that say what the seed is made of"""
    names = ("alive_event_class", "queue_class", "event_loop_class", "consumer_loop_class")
    usual = (multiprocessing.Event, multiprocessing.JoinableQueue, multiprocessing.Process, threading.Thread)
    tap.equal(tuple(getattr(Mpel.EventLoop, name) for name in names), usual)
    tap.equal(tuple(getattr(Mpel.Pool, name) for name in names), usual)

    class Own(Mpel.EventLoop):
        event_loop_class = threading.Thread

    tap.equal((Own.event_loop_class, Mpel.EventLoop.event_loop_class), (threading.Thread, usual[2]))


def main():
    tap.run(functions, classes, attributes, class_variables)


if __name__ == "__main__":
    main()
