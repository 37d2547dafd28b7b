# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Events: the seed's attributes over the C class."""

from . import errors, payload, values
from .base import override, raw

RawEvent = raw.Event
UNSET = object()


def property_names(cls):
    return {spec.name.replace("-", "_") for spec in cls.list_properties()}



@override
class Event(RawEvent):
    """A function and what to call it with; later what came of it.

    The target is a function or anything callable, the name of a target in a worker that is no
    Python program, or None in a subclass that overrides run. What the constructor does not know is
    for the function, unless the class has a GObject property of that name and no callable target.
    """

    _target = UNSET
    _args = None
    _kwargs = None
    _codec = None  # set when the event was made into a payload
    _results = UNSET
    _error = UNSET
    _mode = payload.MODE_VALUE
    _is_iterated = False
    _uses_kept = False
    _uses_variables = False

    def __init__(self, target=None, *args, has_output=True, event_key=None, **kwargs):
        args = kwargs.pop("args", args)
        kwargs = kwargs.pop("kwargs", kwargs)
        properties = {}
        if not callable(target):
            names = property_names(type(self))
            properties = {key: kwargs.pop(key) for key in list(kwargs) if key in names}
        RawEvent.__init__(self, **properties)
        if not has_output:
            self.set_has_output(False)
        if event_key is not None:
            self.set_event_key(event_key)
        self._fill(target, args, kwargs)

    def _fill(self, target, args, kwargs):
        if isinstance(args, values.Variant) or isinstance(kwargs, values.Variant):
            if args:
                self.set_args(args)
            if kwargs:
                self.set_kwargs(kwargs)
            args, kwargs = (), {}
        else:
            self._args = tuple(args) if args else ()
            self._kwargs = kwargs or {}
        if isinstance(target, str):
            self.set_target(target)
        self._target = target

    # What is given

    @property
    def target(self):
        return self.get_target() if self._target is UNSET else self._target

    @target.setter
    def target(self, target):
        if target is None or isinstance(target, str):
            self.set_target(target)
        self._target = target

    @property
    def args(self):
        if self._args is None:
            args = self.get_args()
            return values.from_variant(args) if args is not None else ()
        return self._args

    @args.setter
    def args(self, args):
        self._args = args

    @property
    def kwargs(self):
        if self._kwargs is None:
            kwargs = self.get_kwargs()
            return values.from_variant(kwargs) if kwargs is not None else {}
        return self._kwargs

    @kwargs.setter
    def kwargs(self, kwargs):
        self._kwargs = kwargs

    @property
    def has_output(self):
        return self.get_has_output()

    @has_output.setter
    def has_output(self, has_output):
        self.set_has_output(bool(has_output))

    @property
    def event_key(self):
        return self.get_event_key()

    @event_key.setter
    def event_key(self, event_key):
        self.set_event_key(event_key)

    # What comes of it

    @property
    def results(self):
        """What the function returned, or None; read the GVariant with get_results ()."""
        if self._results is UNSET:
            self._read_end()
        return None if self._results is UNSET else self._results

    @results.setter
    def results(self, results):
        self._results = results

    @property
    def error(self):
        """The exception by which it ended, or None. Its cause tells where that was in the worker."""
        if self._error is UNSET:
            self._read_end()
        return None if self._error is UNSET else self._error

    @error.setter
    def error(self, error):
        self._error = error

    def _is_python(self):
        """Whether it calls something of Python, rather than a target of that name."""
        return is_own_kind(self) or self._uses_kept or not isinstance(self.target, (str, type(None)))

    def _get_call(self):
        """What the worker is to call, with what."""
        if is_own_kind(self):
            return run_event, (self,), {}
        return self._target, self.args, self.kwargs

    def _read_end(self):
        """Once, when the event has ended."""
        variant = self.get_results()
        if variant is None:
            if self.get_error() is not None:
                self._results = None
                self._error = errors.from_event(self, self._codec and self._codec.loads)
            return
        self._error = None
        if self._codec is None:
            self._results = values.from_variant(variant)
            return
        try:
            self._take(self._codec.loads(payload.from_payload(variant)))
        except Exception as error:
            self._results = None
            self._error = error

    def _take(self, results):
        if type(results) is EventEnd:
            self.__dict__.update(results.state)
            results = results.results
        self._results = results

    def _take_end(self):
        """Before the output handlers. Returns whether it is nothing for them."""
        return False

    def get_traceback(self):
        """Gets the traceback that the worker told of, if it did."""
        return errors.split(RawEvent.get_traceback(self))[0] or None

    # In the worker

    def run(self):
        """Runs in the worker; override it in a subclass. Returns the results."""
        return self.target(*self.args, **self.kwargs)

    def exec_(self):
        """Runs in the worker, and keeps what comes of run ()."""
        self.results = self.error = None
        if self.target is not None and not callable(self.target):
            self.error = ValueError(f"Invalid target ({self.target!r}) given! Type {type(self.target)!r}")
            return
        try:
            self.results = self.run()
        except Exception as error:
            self.error = error

    def __reduce_ex__(self, protocol):
        return make_event, (type(self),), self._get_state()

    def _get_state(self):
        state = {key: value for key, value in self.__dict__.items() if key not in HIDDEN}
        state["has_output"] = self.has_output
        state["event_key"] = self.event_key
        return state

    def __setstate__(self, state):
        for key, value in state.items():
            setattr(self, key, value)


# What stays where it is.
HIDDEN = frozenset(("_codec", "_results", "_error"))


class EventEnd:
    """The results of an event that is more than its target, and what else it has become."""

    def __init__(self, results, state):
        self.results = results
        self.state = state


def make_event(cls):
    event = cls.__new__(cls)
    RawEvent.__init__(event)
    return event


def is_own_kind(event):
    """Whether it overrides run or exec_, so that all of it has to travel."""
    cls = type(event)
    return cls.run is not Event.run or cls.exec_ is not Event.exec_


def run_event(event):
    """In the worker: what an event of a Python class comes to."""
    event.exec_()
    if event._error is not UNSET and event._error is not None:
        raise event._error
    results = event.results
    state = {key: value for key, value in event.__dict__.items() if key not in UNCHANGED}
    return EventEnd(results, state) if state else results


UNCHANGED = HIDDEN | {"_target", "_args", "_kwargs", "_mode"}
