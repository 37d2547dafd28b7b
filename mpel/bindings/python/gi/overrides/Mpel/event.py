# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Events: the seed's attributes over the C class."""

from . import buffers, errors, payload, values
from .base import override, raw

RawEvent = raw.Event


class Lazy:
    """Looks for an attribute in C. What Python has given or got is in the event itself, and found first."""

    def __init__(self, read):
        self.read = read
        self.__doc__ = read.__doc__

    def __get__(self, event, cls):
        return self if event is None else self.read(event)


def property_names(cls):
    return {spec.name.replace("-", "_") for spec in cls.list_properties()}


@override
class Event(RawEvent):
    """A function and what to call it with; later what came of it.

    The target is a function or anything callable, the name of a target in a worker that is no
    Python program, or None in a subclass that overrides run. What the constructor does not know is
    for the function, unless the class has a GObject property of that name and no callable target.
    """

    _codec = None  # set when the event was made into a payload
    _mode = payload.MODE_VALUE
    _is_iterated = False
    _future = None  # who alone is told of the end, instead of the output handlers
    _home = None  # weak, of the loop that it was added to when another hears of its end
    _n_again = 0  # how often it was sent again, since the worker lacked something
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

    def __repr__(self):
        try:
            state, target = self.get_state().value_nick, self.target
        except (RuntimeError, TypeError):  # its constructor has not been called
            return RawEvent.__repr__(self)
        called = f" of {getattr(target, '__qualname__', target)}" if target is not None else ""
        return f"<{type(self).__name__}{called}: {state}>"

    def _fill(self, target, args, kwargs):
        if isinstance(args, values.Variant) or isinstance(kwargs, values.Variant):
            if args:
                self.set_args(args)
            if kwargs:
                self.set_kwargs(kwargs)
        else:
            self.args = tuple(args) if args else ()
            self.kwargs = kwargs or {}
        if isinstance(target, str):
            self.set_target(target)
        self.target = target

    # What is given

    target = Lazy(RawEvent.get_target)

    @Lazy
    def args(self):
        """The positional arguments, as Python has them; the GVariant is got with get_args ()."""
        args = self.get_args()
        return values.from_variant(args) if args is not None else ()

    @Lazy
    def kwargs(self):
        """The named arguments, as Python has them; the GVariant is got with get_kwargs ()."""
        kwargs = self.get_kwargs()
        if kwargs is not None:
            return values.from_variant(kwargs)
        if self._codec is None:
            return {}
        # Most calls have none, and then it is made when somebody looks, who may change it.
        self.kwargs = {}
        return self.kwargs

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

    @Lazy
    def results(self):
        """What the function returned, or None; the GVariant is got with get_results ()."""
        self._read_end()
        return self.__dict__.get("results")

    @Lazy
    def error(self):
        """The exception by which it ended, or None. Its cause tells where that was in the worker."""
        self._read_end()
        return self.__dict__.get("error")

    def _is_python(self):
        """Whether it calls something of Python, rather than a target of that name."""
        return is_own_kind(self) or self._uses_kept or not isinstance(self.target, (str, type(None)))

    def _get_call(self):
        """What the worker is to call, with what."""
        if is_own_kind(self):
            return run_event, (self,), {}
        return self.target, self.args, self.kwargs

    def _read_end(self):
        """Once, when the event has ended."""
        if not self.is_ended():
            return
        codec = self._codec
        if codec is not None and (data := self.get_payload()):
            self._read_payload(codec, data)
            return
        self.results = self.error = None
        variant = self.get_results()
        if codec is not None and buffers.is_large(variant):
            self._read_payload(codec, *buffers.read(variant))
        elif variant is not None:
            self.results = values.from_variant(variant)
        elif self.get_error() is not None:
            self.error = errors.from_event(self, codec and codec.loads)

    def _read_payload(self, codec, data, views=()):
        self.error = None
        try:
            self._take(codec.loads(data, buffers=views) if views else codec.loads(data))
        except Exception as error:
            self.results = None
            self.error = error

    def _take(self, results):
        if type(results) is EventEnd:
            self.__dict__.update(results.state)
            results = results.results
        self.results = results

    def _forget_end(self):
        """It begins again."""
        self.__dict__.pop("results", None)
        self.__dict__.pop("error", None)

    def _take_end(self):
        """Before the output handlers. Returns whether it is nothing for them."""
        if self._future is None:
            return self._is_iterated
        future, self._future = self._future, None
        future._settle()
        return True

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
HIDDEN = frozenset(("_codec", "_future", "_home", "_n_again", "results", "error"))


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
    if event.error is not None:
        raise event.error
    results = event.results
    state = {key: value for key, value in event.__dict__.items() if key not in UNCHANGED}
    return EventEnd(results, state) if state else results


UNCHANGED = HIDDEN | {"target", "args", "kwargs", "_mode"}
