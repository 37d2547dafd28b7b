# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Functions for the program's own loop."""

from . import loop as loops

__all__ = [
    "add_cache_event",
    "add_event",
    "add_output_handler",
    "cache_object",
    "close",
    "get_event_loop",
    "insert_output_handler",
    "is_running",
    "run",
    "run_until_complete",
    "start",
    "stop",
    "wait",
]

GLOBAL_NAME = "Global Event Loop"
event_loop = None


def get_event_loop(
    output_handlers=None,
    event_queue=None,
    consumer_queue=None,
    initialize_process=None,
    name=None,
    has_results=True,
):
    """Gets the program's own loop; makes it, when it is not there.

    Output handlers are added to a loop that is there, which then has results, and has none any more
    when it is told so.
    """
    global event_loop

    if event_loop is None:
        event_loop = loops.EventLoop(
            output_handlers=output_handlers,
            event_queue=event_queue,
            consumer_queue=consumer_queue,
            initialize_process=initialize_process,
            name=name or GLOBAL_NAME,
            has_results=has_results,
        )
        return event_loop
    for handler in loops.to_list(output_handlers):
        event_loop.add_output_handler(handler)
    if not has_results or output_handlers is not None:
        event_loop.has_results = has_results
    return event_loop


def add_output_handler(handler):
    """Adds a handler to the program's own loop, see EventLoop.add_output_handler ()."""
    return get_event_loop().add_output_handler(handler)


def insert_output_handler(index, handler):
    """Adds a handler at a place among the others."""
    return get_event_loop().insert_output_handler(index, handler)


def add_event(
    target,
    *args,
    has_output=None,
    event_key=None,
    cache=False,
    re_register=False,
    start_loop=True,
    **kwargs,
):
    """Adds an event to the program's own loop, see EventLoop.add_event (). Returns it.

    An event starts the loop, so that start_loop has no say.
    """
    wishes = {"has_output": has_output, "event_key": event_key, "cache": cache, "re_register": re_register}
    return get_event_loop().add_event(target, *args, **wishes, **kwargs)


def add_cache_event(
    target, *args, has_output=None, event_key=None, re_register=False, start_loop=True, **kwargs
):
    """Adds an event that uses cached objects, see EventLoop.add_cache_event (). Returns it."""
    wishes = {"has_output": has_output, "event_key": event_key, "re_register": re_register}
    return get_event_loop().add_cache_event(target, *args, **wishes, **kwargs)


def cache_object(*args, **kwargs):
    """Keeps an object in the worker, see EventLoop.cache_object ()."""
    return get_event_loop().cache_object(*args, **kwargs)


def is_running():
    """Tells whether the program's own loop has a worker."""
    return event_loop is not None and event_loop.is_running()


def start():
    """Starts the program's own loop, unless it runs."""
    if not is_running():
        get_event_loop().start()


def run(events=None, output_handlers=None):
    """Adds events to the program's own loop, and lets the program go on."""
    return get_event_loop().run(events, output_handlers)


def run_until_complete(events=None, output_handlers=None):
    """Adds events to the program's own loop, and waits until all have ended."""
    return get_event_loop().run_until_complete(events, output_handlers)


def wait():
    """Waits until all events of the program's own loop have ended."""
    if event_loop is not None:
        event_loop.wait()


def stop():
    """Stops the program's own loop when its events have ended."""
    if event_loop is not None:
        event_loop.stop()


def close():
    """Closes the program's own loop. It starts again with the next event."""
    if event_loop is not None:
        event_loop.close()
