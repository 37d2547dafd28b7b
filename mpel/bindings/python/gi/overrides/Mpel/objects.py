# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Python objects that a worker keeps.

Each has an anchor, a GObject that the library caches as it does any other: it is made in the worker
before the first event that mentions it, made anew from what the object is then when a worker was
lost, and dropped there when it is gone here. What travels of an anchor is its pickled object.
"""

import types
import weakref

from gi.repository import GLib, GObject

from .base import raw

RawLoop = raw.EventLoop
# Nobody changes these, so that keeping one has no point.
VALUES = (str, bytes, int, float, complex, type(None))


class Anchor(GObject.Object):
    """Stands for a Python object, on both sides."""

    # A type of its own, although the module is one of overrides.
    __module__ = "mpel"
    __gtype_name__ = "MpelPythonObject"

    def __init__(self, give=None, codec=None):
        super().__init__()
        self.give = give  # in the host: gives what travels
        self.codec = codec
        self.first = None
        self.value = None
        self.error = None

    @GObject.Property(type=GLib.Bytes)
    def data(self):
        """Read when the object is about to travel."""
        data, self.first = self.first or self.pickle(), None
        return GLib.Bytes.new(data)

    @data.setter
    def set_data(self, data):
        """In the worker. An error is for those who use the object."""
        from . import calls

        try:
            self.value = calls.current.load(data.get_data())
            if isinstance(self.value, Making):
                self.value = self.value.make()
            self.error = None
        except Exception as error:
            self.error = error

    def pickle(self):
        try:
            return self.codec.dumps((self.give(),))
        except Exception:
            # What could not be pickled then is gone, or was not when it was kept.
            return self.codec.dumps((None,))

    def check(self):
        """Raises what cannot be pickled, where somebody hears of it."""
        self.first = self.codec.dumps((self.give(),))

    def get_value(self):
        if self.error is not None:
            raise self.error
        return self.value


class Making:
    """Says how to make an object, instead of the object itself."""

    def make(self):
        raise NotImplementedError


class Kept:
    """What a loop knows of the objects that its worker keeps: id of the object → its anchor."""

    def __init__(self, loop):
        self.loop = weakref.ref(loop)
        self.codec = loop._codec
        self.anchors = {}
        self.refs = {}

    def find(self, value):
        return self.anchors.get(id(value))

    def add(self, value, again=False):
        """Keeps @value in the worker. Returns its anchor, or None when there is no point."""
        if isinstance(value, (*VALUES, type, types.FunctionType, types.BuiltinFunctionType)):
            return None
        anchor = self.anchors.get(id(value))
        if anchor is None:
            anchor = self.add_anchor(value)
        elif again:
            anchor.check()
            RawLoop.re_register(self.loop(), anchor, False)
        return anchor

    def add_anchor(self, value):
        key = id(value)
        anchors, refs = self.anchors, self.refs

        def forget(ref):
            anchors.pop(key, None)
            refs.pop(key, None)

        try:
            give = ref = weakref.ref(value, forget)
        except TypeError:
            # It cannot be told when such an object is gone.
            give, ref = (lambda: value), None
        anchor = Anchor(give, self.codec)
        anchor.check()
        self.keep(anchor)
        anchors[key] = anchor
        refs[key] = ref
        return anchor

    def keep(self, anchor):
        RawLoop.cache_object(self.loop(), anchor, False)

    def release(self, value):
        anchor = self.anchors.pop(id(value), None)
        self.refs.pop(id(value), None)
        return anchor is not None and RawLoop.release_object(self.loop(), anchor)


class Mentions:
    """The objects that the pickle of a call mentions by their place in a list."""

    def __init__(self, loop, uses_kept):
        self.kept = loop._kept if uses_kept else None
        self.objects = []

    def place(self, gobject):
        for index, known in enumerate(self.objects):
            if known is gobject:
                return index
        self.objects.append(gobject)
        return len(self.objects) - 1

    def reduce(self, value):
        """For picklers: what the worker has is fetched there."""
        if type(value) is Reference:
            return fetch_value, (self.place(value.anchor),)
        anchor = self.find(value)
        return (fetch_object, (self.place(anchor),)) if anchor is not None else None

    def find(self, value):
        if self.kept is not None:
            anchor = self.kept.find(value)
            if anchor is not None:
                return anchor
        if isinstance(value, raw.Proxy):
            return value.__dict__.get("__anchor__", value)
        return None
    def replace(self, values):
        """What picklers do not ask about: lists and dicts, and anything with other picklers."""
        return tuple(self.mention(value) for value in values)

    def mention(self, value):
        reduced = self.reduce(value)
        return value if reduced is None else Mention(reduced)

    def tell(self, event):
        """Once the event is there."""
        for gobject in self.objects:
            event.add_object(gobject)
        if self.objects:
            event.set_cache(True)


class Mention:
    """Stands for an object in a pickle."""

    def __init__(self, reduced):
        self.reduced = reduced

    def __reduce__(self):
        return self.reduced


class Reference:
    """In a call, means what is behind an object rather than the object."""

    def __init__(self, anchor):
        self.anchor = anchor


def fetch_value(place):
    """In the worker: what an anchor has."""
    from . import calls

    found = calls.current.invocation.lookup_object(place)
    return found.get_value() if isinstance(found, Anchor) else found


def fetch_object(place):
    """In the worker: the object that was meant."""
    value = fetch_value(place)
    return value.get_object() if isinstance(value, Holder) else value


class Holder:
    """In the worker: has an object, and more that belongs to it."""

    def get_object(self):
        raise NotImplementedError


# What events call in the worker.


def call_method(value, name, *args, **kwargs):
    return getattr(value, name)(*args, **kwargs)


def give_back(value):
    return value


def save_variables(create, args, kwargs):
    from . import calls

    calls.current.variables.update(create(*args, **kwargs))
    return True


def call_variable(name, target, args, kwargs):
    from . import calls

    value = calls.current.variables[name]
    if target is None:
        return value
    if isinstance(target, str):
        return getattr(value, target)(*args, **kwargs)
    return target(value, *args, **kwargs)


def split_method(target):
    """The object and the name of a method of it, or (None, None)."""
    owner = getattr(target, "__self__", None)
    name = getattr(target, "__name__", None)
    if owner is None or name is None or isinstance(owner, (types.ModuleType, type)):
        return None, None
    return owner, name
