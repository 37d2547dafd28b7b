# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The methods of loops for objects and variables in the worker."""

from . import objects
from .base import raw

RawLoop = raw.EventLoop


def take_apart(target, args, kwargs, has_output, event_key):
    """What an event calls and has, where that was not said beside it."""
    from .event import Event

    if not isinstance(target, Event):
        return target, args, kwargs, has_output, event_key
    has_output = target.has_output if has_output is None else has_output
    return target.target, args or target.args, kwargs or target.kwargs, has_output, event_key or target.event_key


class ObjectMethods:
    """For EventLoop to inherit. Loops of new () take what C takes."""

    def _make_cache_event(self, target, args, kwargs, has_output, event_key, re_register):
        from .cache import CacheEvent

        if not isinstance(target, CacheEvent):
            target, args, kwargs, has_output, event_key = take_apart(target, args, kwargs, has_output, event_key)
            has_output = has_output is None or has_output
            target = CacheEvent(
                target, args=args, kwargs=kwargs, has_output=has_output, event_key=event_key, re_register=re_register
            )
        return self._prepare_given(target)

    def add_cache_event(self, target, *args, has_output=None, event_key=None, re_register=False, **kwargs):
        """Adds an event that uses objects which the worker keeps.

        If the target is a method, its object is kept there from now on. Arguments that are kept
        already are those of the worker. Returns the event.
        """
        if self._codec is None and not callable(target):
            return RawLoop.add_cache_event(self, target, *args, **kwargs)
        args = kwargs.pop("args", args)
        kwargs = kwargs.pop("kwargs", kwargs)
        kwargs.pop("cache", None)
        return self._send(self._make_cache_event(target, args, kwargs, has_output, event_key, re_register))

    def cache_object(self, obj, has_output=False, event_key=None, re_register=False):
        """Lets the worker keep an object, with the values it has now. Returns the event.

        With output, what the worker has is given as its results.
        """
        from .cache import CacheEvent, CacheObjectEvent
        from .event import Event

        if self._codec is None:
            return RawLoop.cache_object(self, obj, has_output)
        if not isinstance(obj, CacheEvent):
            if isinstance(obj, Event):
                event_key = event_key or obj.event_key
                obj = obj.target
            obj = CacheObjectEvent(obj, has_output=has_output, event_key=event_key, re_register=re_register)
        return self._send(self._prepare_given(obj))

    def is_object_cached(self, obj):
        """Tells whether the worker keeps an object."""
        if self._codec is None:
            return RawLoop.is_object_cached(self, obj)
        return self._kept.find(obj) is not None

    def release_object(self, obj):
        """Lets the worker drop an object. Returns whether it had it."""
        if self._codec is None:
            return RawLoop.release_object(self, obj)
        return self._kept.release(obj)

    def save_variables(self, create_func, *args, event_key=None, re_register=False, **kwargs):
        """Calls a function that returns a dict, and keeps what is in it as variables of the worker."""
        from .cache import CacheEvent, SaveVarEvent

        if self._codec is None and not callable(create_func):
            return RawLoop.save_variables(self, create_func, *args, **kwargs)
        args = kwargs.pop("args", args)
        kwargs = kwargs.pop("kwargs", kwargs)
        kwargs.pop("cache", None)
        if not isinstance(create_func, CacheEvent):
            create_func, args, kwargs, _, event_key = take_apart(create_func, args, kwargs, False, event_key)
            create_func = SaveVarEvent(create_func, args=args, kwargs=kwargs, has_output=False, event_key=event_key)
        return self._send(self._prepare_given(create_func))

    def add_var_event(self, var_name, target=None, *args, has_output=None, event_key=None, re_register=False, **kwargs):
        """Calls a method of a variable of the worker, or any function with it; or gets its value."""
        from .cache import CacheEvent, VarEvent

        if self._codec is None:
            return RawLoop.add_var_event(self, var_name, target, *args, **kwargs)
        args = kwargs.pop("args", args)
        kwargs = kwargs.pop("kwargs", kwargs)
        kwargs.pop("cache", None)
        event = target
        if not isinstance(target, CacheEvent):
            target, args, kwargs, has_output, event_key = take_apart(target, args, kwargs, has_output, event_key)
            has_output = has_output is None or has_output
            event = VarEvent(var_name, target, args=args, kwargs=kwargs, has_output=has_output, event_key=event_key)
        return self._send(self._prepare_given(event))

    def _get_variables_home(self, event):
        """In a pool, where saved variables are; what initialize_process makes is everywhere."""
        from .cache import SaveVarEvent

        if self._variables is None and isinstance(event, SaveVarEvent) and isinstance(self, raw.Pool):
            self._variables = objects.Anchor(lambda: None, self._codec)
            self._kept.keep(self._variables)
        return self._variables
