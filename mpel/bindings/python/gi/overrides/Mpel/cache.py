# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Events that use what the worker keeps."""

from . import objects
from .event import Event
from .payload import MODE_VALUE


class CacheEvent(Event):
    """Calls a method of an object that the worker keeps; arguments that it keeps go by their id.

    The object of the method is kept from then on. So is the target, when it is no method.
    """

    _uses_kept = True

    def __init__(self, target, *args, has_output=True, event_key=None, cache=None, re_register=False, **kwargs):
        super().__init__(target, *args, has_output=has_output, event_key=event_key, **kwargs)
        self.object, self.method_name = objects.split_method(target)
        if self.method_name is None:
            self.object = target
        self._again = re_register

    @property
    def re_register(self):
        return self._again

    @re_register.setter
    def re_register(self, re_register):
        self._again = re_register

    def _keep_objects(self, kept):
        kept.add(self.object, self._again)
        # Once is what was asked for, also when the event is added again.
        self._again = False

    def _get_call(self):
        if self.method_name is None:
            return super()._get_call()
        return objects.call_method, (self.object, self.method_name, *self.args), self.kwargs


class CacheObjectEvent(CacheEvent):
    """Lets the worker keep an object, and gives it as the results."""

    def __init__(
        self, target, *args, has_output=True, event_key=None, cache=None, re_register=False, **kwargs
    ):
        wishes = {"has_output": has_output, "event_key": event_key, "re_register": re_register}
        super().__init__(target, *args, **wishes, **kwargs)
        # An iterator is kept as it is, also by loops that would iterate it.
        self._mode = MODE_VALUE

    def _get_call(self):
        return objects.give_back, (self.object,), {}


class SaveVarEvent(CacheEvent):
    """Calls a function that returns a dict, and keeps what is in it as named variables."""

    _uses_variables = True

    def __init__(
        self, create_func, *args, has_output=True, event_key=None, cache=None, re_register=False, **kwargs
    ):
        wishes = {"has_output": has_output, "event_key": event_key, "re_register": re_register}
        super().__init__(create_func, *args, **wishes, **kwargs)

    def _keep_objects(self, kept):
        pass

    def _get_call(self):
        return objects.save_variables, (self.target, self.args, self.kwargs), {}


class VarEvent(CacheEvent):
    """Calls a method of a named variable; or a function with it, or nothing to get its value."""

    _uses_variables = True

    def __init__(
        self, var_name, method_name, *args, has_output=True, event_key=None, cache=None, re_register=False, **kwargs
    ):
        wishes = {"has_output": has_output, "event_key": event_key, "re_register": re_register}
        super().__init__(None, *args, **wishes, **kwargs)
        self.object_id = var_name
        self.object = None
        self.method_name = method_name

    def _keep_objects(self, kept):
        pass

    def _get_call(self):
        return objects.call_variable, (self.object_id, self.method_name, self.args, self.kwargs), {}
