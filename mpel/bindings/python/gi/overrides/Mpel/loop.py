# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The event loop of the host, with the names of the seed."""

import functools
import traceback
import weakref

from gi.repository import Gio

from . import bridge, byvalue, cleanup, ends, errors, interrupt, launch, objects, payload, pickling, values
from .base import override, raw
from .event import Event, RawEvent
from .futures import CallMethods, add
from .home import Home
from .keeping import ObjectMethods
from .pickling import FunctionType
from .queues import find_queue
from .stream import StreamMethods
from .usual import Usual, find_codec

RawLoop = raw.EventLoop
new_event = RawEvent.new
new_payload = RawEvent.new_payload
raw_add = RawLoop.add_event
add_payload = RawLoop.add_payload
TARGET = payload.TARGET
PENDING = (raw.EventState.QUEUED, raw.EventState.SENT)
Variant = values.Variant


def to_list(value):
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


@override
class EventLoop(ObjectMethods, CallMethods, StreamMethods, RawLoop):
    """Runs events in a worker process, and hands them to the output handlers when they have ended.

    Loops that were made with new () take what C takes. Everywhere else a callable, its arguments
    and its results may be any Python objects.
    """

    # What loops of new () go by, until somebody gives them something of Python.
    _codec = None
    _is_reusable = False
    _is_prepared = False
    _is_foreign = None
    _known = None
    _kept = None
    _variables = None
    _mode = payload.MODE_VALUE
    _place = None  # its Home, once there is something of Python
    _guard = 0
    _is_heard_in_c = False
    _handler = 0
    _queue = None  # when it is shared with other loops, or another loop hears of the ends
    _is_consumed = False
    event_queue = None
    consumer_queue = None
    _wants_results = None  # whether its own handlers are to hear anything; another loop's may
    _sent_again = 0
    initialize_process = None

    # The seed's names of what it was made of. Setting them chooses the pickler, as use () does.
    alive_event_class = Usual("multiprocessing", "Event")
    queue_class = Usual("multiprocessing", "JoinableQueue")
    event_loop_class = Usual("multiprocessing", "Process")
    consumer_loop_class = Usual("threading", "Thread")

    def __init__(
        self,
        output_handlers=None,
        event_queue=None,
        consumer_queue=None,
        initialize_process=None,
        name="main",
        has_results=True,
        **properties,
    ):
        RawLoop.__init__(self, name=str(name), **properties)
        self.initialize_process = initialize_process
        self._is_reusable = True
        self._set_up()
        if properties.get("launcher") is not None:
            self._is_foreign = not launch.is_python(properties["launcher"])
        self.output_handlers.extend(to_list(output_handlers))
        self.event_queue = find_queue(event_queue, self)
        self.event_queue.tell_loops()
        self.consumer_queue = find_queue(consumer_queue, self)
        self.has_results = has_results

    def _set_up(self):
        """Whatever a loop needs that runs Python functions."""
        self._codec = find_codec(type(self))
        self._known = byvalue.PoolKnown() if isinstance(self, raw.Pool) else byvalue.Known()
        self._place = Home()
        bridge.join_running(self._place)
        self._kept = objects.Kept(self)
        self.output_handlers = []
        this = weakref.ref(self)
        self._handler = RawLoop.add_output_handler(self, lambda event: ends.on_done(this(), event))
        if self._is_heard_in_c:
            self._watch_missing()
        else:
            RawLoop.set_ended_func(self, ends.take_all)
        self.connect("worker-exited", ends.on_exited)
        if self._mode:
            self.connect("event-yield", ends.on_item)

    # Handlers

    def add_output_handler(self, handler, *data):
        """Adds handler (event), which is called when an event has ended; True stops the others.

        Returns an id for remove_output_handler ().
        """
        if self._codec is None or data:
            self._let_c_tell()
            return RawLoop.add_output_handler(self, handler, *data)
        if handler not in self.output_handlers:
            self.output_handlers.append(handler)
        return handler

    def insert_output_handler(self, index, handler, *data):
        """Adds a handler at a place among the others."""
        if self._codec is None or data:
            self._let_c_tell()
            return RawLoop.insert_output_handler(self, index, handler, *data)
        if handler in self.output_handlers:
            self.output_handlers.remove(handler)
        self.output_handlers.insert(index, handler)
        return handler

    def remove_output_handler(self, handler):
        """Removes a handler. Returns whether there was one."""
        if isinstance(handler, int) and not callable(handler):
            return RawLoop.remove_output_handler(self, handler)
        if self._codec is None or handler not in self.output_handlers:
            return False
        self.output_handlers.remove(handler)
        return True

    def _let_c_tell(self):
        """Handlers that C keeps hear of nothing that is taken."""
        self._is_heard_in_c = True
        if self._codec is not None:
            RawLoop.set_ended_func(self, None)
            self._watch_missing()

    def process_output(self, event):
        """Hands an event that has ended to the output handlers; override it to do it otherwise.

        An error that no handler is there for is printed.
        """
        handlers = self.output_handlers
        if not handlers and event.error is not None:
            errors.print_error(event.error)
            return False
        for handler in list(handlers):
            try:
                if handler(event):
                    return True
            except Exception:
                traceback.print_exc()
        return False

    def connect(self, name, *args):
        """Connects to a signal."""
        if name.startswith(("event-done", "event_done")):
            self._watch_missing()
        return RawLoop.connect(self, name, *args)

    def _watch_missing(self):
        """Before all others: what is only sent again is no end."""
        if self._guard == 0:
            self._guard = RawLoop.connect(self, "event-done", ends.on_first_done)

    # Events

    def add_event(
        self, target, *args, has_output=None, event_key=None, cache=False, re_register=False, **kwargs
    ):
        """Adds a function, or anything callable, to be called in the worker; or an Event.

        Returns the event. What cannot be sent raises here.
        """
        if kwargs:
            args = kwargs.pop("args", args)
            kwargs = kwargs.pop("kwargs", kwargs)
        if cache:
            return self.add_cache_event(
                target, *args, has_output=has_output, event_key=event_key, re_register=re_register, **kwargs
            )
        if type(target) is FunctionType:
            if has_output is None and event_key is None and self._is_prepared and self._queue is None:
                event = self._add_simple(target, args, kwargs)
                if event is not None:
                    return event
        elif isinstance(target, RawEvent):
            return self._send(self._prepare_given(target))
        return self._send(self._make_event(target, args, kwargs, has_output, event_key))

    def _add_simple(self, target, args, kwargs):
        """What most calls are, with as little as possible for each; returns None for all others."""
        if self._is_foreign:
            return None
        codec, mode = self._codec, self._mode
        data = codec.dumps_simple(target, args, kwargs, mode, self._known)
        if data is None:
            return None
        event = add_payload(self, TARGET, data)
        event._codec = codec
        if mode:
            event._mode = mode
        event.target = target
        event.args = args
        if kwargs:
            event.kwargs = kwargs
        return event

    def _find_codec(self):
        """For what is about to need it."""
        if self._codec is None or not self._is_prepared:
            self._prepare()
        return self._codec

    def _make_event(self, target, args, kwargs, has_output=None, event_key=None, mode=None):
        if self._is_prepared is False and (self._codec is not None or type(target) is not str):
            self._prepare()
        if type(target) is str:
            event = new_event(target, values.to_args(args), values.to_kwargs(kwargs))
        else:
            if self._is_foreign:
                self._refuse(target)
            codec = self._codec
            mode = self._mode if mode is None else mode
            data = codec.dumps_simple(target, args, kwargs, mode, self._known)
            event = new_payload(TARGET, data) if data is not None else self._make_large(target, args, kwargs, mode)
            event._codec = codec
            if mode:
                event._mode = mode
        event.target = target
        event.args = args
        event.kwargs = kwargs
        if has_output is False:
            event.set_has_output(False)
        if event_key is not None:
            event.set_event_key(event_key)
        return event

    def _make_large(self, target, args, kwargs, mode):
        """For arguments that are more than numbers and text."""
        self._check_target(target)
        mentions = objects.Mentions(self, False)
        data = self._codec.dumps_call(target, args, kwargs, mode, self._known, mentions)
        event = new_payload(TARGET, data) if type(data) is bytes else new_event(TARGET, data.to_variant(), None)
        mentions.tell(event)
        return event

    def _send(self, event):
        if self._queue is None:
            add(self, event)
        elif event._uses_kept or event.get_cache():
            # What it uses is in the worker of this loop.
            self._receive(event)
        else:
            self._queue.choose(self)._receive(event)
        return event

    def _is_shared(self):
        return self._queue is not None

    def _receive(self, event):
        """From a queue that it shares with others. What the others know is another thing."""
        if not self._is_prepared:
            self._prepare()
        if self._is_consumed:
            event._home = weakref.ref(self)
        add(self, event)

    def _prepare_given(self, event):
        """An event that was made by hand."""
        if event.get_state() in PENDING:
            # C says what is wrong with that; what the event is to come to stays as it is.
            raw_add(self, event)
        event.__dict__.pop("_n_again", None)
        event.__dict__.pop("_home", None)
        is_python = isinstance(event, Event) and event._is_python()
        if self._is_prepared is False and (is_python or self._codec is not None):
            self._prepare()
        if is_python:
            self._encode(event, self._known)
        elif "target" in event.__dict__:
            event._forget_end()
            event._codec = None
            if event.args and "args" in event.__dict__:
                event.set_args(values.to_args(event.args))
            if event.kwargs and "kwargs" in event.__dict__:
                event.set_kwargs(values.to_kwargs(event.kwargs))
        return event

    def _encode(self, event, known):
        """Makes what a call of Python is into what C sends."""
        self._check_target(event.target)
        mentions = objects.Mentions(self, event._uses_kept)
        if event._uses_kept:
            event._keep_objects(self._kept)
        event._mode = event.__dict__.get("_mode", self._mode)
        data = self._codec.dumps_call(*event._get_call(), event._mode, known, mentions)
        if event._uses_variables:
            home = self._get_variables_home(event)
            if home is not None:
                mentions.place(home)
        event._forget_end()
        event._codec = self._codec
        event.set_target(TARGET)
        event.set_args(payload.to_payload(data) if type(data) is bytes else data.to_variant())
        mentions.tell(event)

    def _check_target(self, target):
        if type(target) is int:
            # For the worker it would be the number of a function.
            raise TypeError(f"{target!r} is nothing to call")
        if self._is_foreign:
            self._refuse(target)

    def _refuse(self, target):
        raise TypeError(
            f"{target!r} cannot be called by the worker of this loop, which its launcher starts; name a target of it"
        )

    def _prepare(self):
        """Once before a worker is started: says what to start, as things are now."""
        if self._codec is None:
            self._set_up()
        self._is_prepared = True
        bridge.join_running(self._place)
        cleanup.watch(self)
        if self._is_foreign is None:
            self._is_foreign = self._finds_foreign()
        if not self._is_foreign and not launch.is_self_exec() and launch.can_start():
            self.get_launcher().set_argv(launch.make_argv(self))

    def _finds_foreign(self):
        launcher = self.get_launcher()
        argv = launcher.get_argv()
        return bool(argv) and not launch.is_python(launcher)

    def set_launcher(self, launcher):
        """Sets what starts the workers. It is not asked to call Python functions."""
        self._is_foreign = None
        self._is_prepared = False
        RawLoop.set_launcher(self, launcher)

    def set_consumer(self, consumer):
        """Sets the loop whose handlers hear of the ends; None: its own."""
        RawLoop.set_consumer(self, consumer)
        self._is_consumed = consumer is not None
        if self.event_queue is not None:
            self.event_queue.tell_loops()

    # Life

    def start(self):
        """Starts the worker, unless it runs. Does not wait for it."""
        if self._codec is not None:
            if not (self._is_prepared and self.is_running()):
                self._prepare()
            bridge.join_running(self._place)
        return RawLoop.start(self)

    def is_running(self):
        """Tells whether the worker runs or starts."""
        return RawLoop.is_running(self)

    def _make_events(self, events):
        """What add_event () takes, as sequences or dicts, or as events."""
        for event in to_list(events):
            if isinstance(event, RawEvent):
                yield self._prepare_given(event)
            elif isinstance(event, dict):
                yield self._make_named(**event)
            elif isinstance(event, (list, tuple)):
                yield self._make_named(*event)
            else:
                yield self._make_named(event)

    def _make_named(self, target, *args, has_output=None, event_key=None, cache=False, re_register=False, **kwargs):
        args = kwargs.pop("args", args)
        kwargs = kwargs.pop("kwargs", kwargs)
        if cache:
            return self._make_cache_event(target, args, kwargs, has_output, event_key, re_register)
        return self._make_event(target, args, kwargs, has_output, event_key)

    def run(self, events=None, output_handlers=None):
        """Adds events, which are events, or sequences or dicts of what add_event () takes, and starts."""
        for handler in to_list(output_handlers):
            self.add_output_handler(handler)
        for event in self._make_events(events):
            self._send(event)
        if not self.is_running():
            self.start()

    def run_until_complete(self, events=None, output_handlers=None):
        """Adds events, and waits until they have ended; without events, until all have."""
        cancellable = None
        if isinstance(output_handlers, Gio.Cancellable):
            cancellable, output_handlers = output_handlers, None
        for handler in to_list(output_handlers):
            self.add_output_handler(handler)
        events = list(self._make_events(events))
        if not events or self._is_shared():
            for event in events:
                self._send(event)
            return self.wait(cancellable)

        def run_and_wait(loop, cancellable):
            done = RawLoop.run_until_complete(loop, events, cancellable)
            while done and not all(event.is_ended() for event in events):
                done = RawLoop.wait(loop, cancellable)
            return done

        return interrupt.call(run_and_wait, self, cancellable)

    def wait(self, cancellable=None):
        """Waits until all events have ended; their handlers run meanwhile."""
        if self.get_n_pending() == 0:
            return RawLoop.wait(self, cancellable)
        return interrupt.call(ends.wait_for_all, self, cancellable)

    def stop(self, cancellable=None):
        """Ends the worker when all events have ended. The loop may be started again."""
        return interrupt.call(RawLoop.stop, self, cancellable)

    def close(self, cancellable=None):
        """Waits, and ends the worker. A loop that was not made with new () may be started again."""
        if not self._is_reusable:
            return interrupt.call(RawLoop.close, self, cancellable)
        cleanup.forget(self)
        return self.stop(cancellable)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, value, where):
        if kind is not None and not issubclass(kind, Exception):
            self.terminate()
        else:
            self.close()
        return False

    def is_event_process_alive(self):
        """Tells whether there is a worker."""
        return self.get_worker_pid() > 0

    is_consumer_process_alive = is_running

    @property
    def name(self):
        return self.get_name()

    @name.setter
    def name(self, name):
        self.set_name(name)

    @property
    def has_results(self):
        return self.get_has_results() if self._wants_results is None else self._wants_results

    @has_results.setter
    def has_results(self, has_results):
        self.set_has_results(has_results)

    def set_has_results(self, has_results):
        """Sets whether the handlers of this loop are to hear anything."""
        self._wants_results = bool(has_results)
        RawLoop.set_has_results(self, has_results)
        if self.consumer_queue is not None:
            self.consumer_queue.choose_consumer()


def make_prepared(method):
    """What C offers besides, and may start a worker: that is to be Python, and not the script once more."""

    @functools.wraps(method)
    def prepared(self, *args, **kwargs):
        if self._codec is not None and not self._is_prepared:
            self._prepare()
        return method(self, *args, **kwargs)

    return prepared


for name in ("add_call", "add_event_async", "add_stream", "call_async", "run_until_complete_async", "start_async"):
    setattr(EventLoop, name, make_prepared(getattr(RawLoop, name)))
