# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Proxies: of GObjects as C has them, and the seed's of any Python object.

A subclass that names a PROXY_CLASS is of the second kind: a picture of a Python object. It has the
values of PROPERTIES, of what was written to it, and of the methods in GETTERS as they were when the
last call ended; calling any other method adds an event. It is no GObject to connect to.
"""

import contextlib
import sys
import types
import weakref

from gi.repository import GLib

from . import errors, interrupt, objects
from .base import override, raw
from .cache import CacheEvent

RawProxy = raw.Proxy


@override
class Proxy(RawProxy):
    """The host's picture of an object that lives in the worker."""

    PROXY_CLASS = None
    PROPERTIES = []
    GETTERS = []
    __loop__ = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.PROXY_CLASS is not None:
            make_pictured(cls)

    def __init__(self, *args, loop=None, **kwargs):
        if self.PROXY_CLASS is None:
            if loop is not None:
                kwargs["loop"] = loop
            RawProxy.__init__(self, *args, **kwargs)
            return
        loop = loop if loop is not None else self.__loop__
        if loop is None:
            raise ValueError("a proxy needs an event loop: its own, or __loop__ of its class")
        self.__dict__["__picture__"] = Picture(self, loop, args, kwargs)

    # Of those with a PROXY_CLASS

    def create_mp_object(self, args, kwargs):
        """Makes the object, in the worker. There is nothing of the proxy there but its class variables."""
        return self.PROXY_CLASS(*args, **kwargs)

    def sync_mp_object(self):
        """Asks what has become of the object. Calls do that by themselves."""
        self.__picture__.add(None)

    def mp_wait(self):
        """Waits for all events of the loop, after which the proxy is up to date."""
        self.__picture__.loop.wait()

    def is_mp_proxy(self):
        """Tells that this is not the object itself."""
        return True


# What a class with a PROXY_CLASS gets. GObject has methods of its own, which may not hide those of
# the object; what the subclass defines does.


def make_pictured(cls):
    defined = set()
    for base in cls.__mro__[: cls.__mro__.index(Proxy)]:
        defined.update(vars(base))
    names = {name for name in dir(cls.PROXY_CLASS) if not name.startswith("_")}
    for name in (names | set(cls.PROPERTIES) | set(cls.GETTERS)) - defined:
        if name in cls.GETTERS:
            setattr(cls, name, make_getter(name))
        elif name in cls.PROPERTIES or not callable(getattr(cls.PROXY_CLASS, name)):
            setattr(cls, name, Mirrored(name))
        else:
            setattr(cls, name, make_method(name))
    for special in (get_attribute, set_attribute):
        if special.__name__ not in defined:
            setattr(cls, special.__name__, special)


def make_getter(name):
    def getter(self, *args, **kwargs):
        return self.__picture__.values.get(name)

    getter.__name__ = name
    return getter


def make_method(name):
    def method(self, *args, **kwargs):
        return self.__picture__.call(name, args, kwargs)

    method.__name__ = name
    return method


class Mirrored:
    """A value that both have."""

    def __init__(self, name):
        self.name = name

    def __get__(self, proxy, cls):
        return self if proxy is None else proxy.__picture__.values.get(self.name)

    def __set__(self, proxy, value):
        proxy.__picture__.write(self.name, value)


def get_attribute(self, name):
    picture = self.__dict__.get("__picture__")
    if picture is None or (name.startswith("__") and name.endswith("__")):
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
    if name in picture.values:
        return picture.values[name]
    return types.MethodType(make_method(name), self)


def set_attribute(self, name, value):
    picture = self.__dict__.get("__picture__")
    of_class = getattr(type(self), name, None)
    if picture is None or name.startswith("__") or (hasattr(of_class, "__set__") and type(of_class) is not Mirrored):
        object.__setattr__(self, name, value)
    else:
        picture.write(name, value)


get_attribute.__name__ = "__getattr__"
set_attribute.__name__ = "__setattr__"


class Picture:
    """What the host knows of the object."""

    def __init__(self, proxy, loop, args, kwargs):
        cls = type(proxy)
        self.loop = loop
        self.values = {}
        self.names = list(cls.PROPERTIES)
        self.getters = list(cls.GETTERS)
        self.writes = {}  # name → how many writes have not been answered; what comes meanwhile is old
        self.calls = set()
        create = cls.create_mp_object if cls.create_mp_object is not Proxy.create_mp_object else None
        this = weakref.ref(self)
        self.making = (cls.PROXY_CLASS, create, args, kwargs)
        self.anchor = objects.Anchor(lambda: this().describe(), loop._find_codec())
        proxy.__dict__["__anchor__"] = self.anchor
        self.anchor.check()
        loop._kept.keep(self.anchor)
        self.add(None)

    def describe(self):
        """How to make the object, now or when its worker was lost: then with what is known of it."""
        known = {name: self.values[name] for name in self.names if name in self.values}
        return Description(*self.making, known, self.names, self.getters)

    def add(self, name, *args, **kwargs):
        event = ProxyEvent(self, name, args, kwargs)
        self.loop.add_event(event)
        return event

    def call(self, name, args, kwargs):
        """Adds a call of a method. Where no main loop runs, nobody else takes in what came of those before."""
        if self.calls and GLib.main_depth() == 0:
            self.settle()
        event = self.add(name, *args, **kwargs)
        self.calls.add(event)
        return event

    def settle(self):
        calls = list(self.calls)

        def iterate(loop, cancellable):
            while not cancellable.is_cancelled() and not all(event.is_ended() for event in calls):
                GLib.MainContext.default().iteration(True)

        interrupt.call(iterate, self.loop, None)
        self.calls.difference_update(calls)

    def write(self, name, value):
        """Shows at once. What cannot travel stays here."""
        self.values[name] = value
        event = ProxyEvent(self, "__setattr__", (name, value), {})
        try:
            self.loop.add_event(event)
        except Exception:
            return
        if name not in self.names:
            self.names.append(name)
        self.writes[name] = self.writes.get(name, 0) + 1
        event.written = name

    def take(self, event):
        """An event of this proxy has ended."""
        self.calls.discard(event)
        if event.written is not None:
            self.writes[event.written] -= 1
        if event.error is not None:
            print(f"mpel: {event.method_name} of a proxy failed:", file=sys.stderr)
            errors.print_error(event.error)
            return
        loads = event._codec.loads
        for name, data in event.changes.items():
            if not self.writes.get(name):
                self.values[name] = loads(data)


class ProxyEvent(CacheEvent):
    """A call of a method of a proxy's object."""

    written = None
    changes = {}

    def __init__(self, picture, name, args, kwargs):
        super().__init__(None, args=args, kwargs=kwargs)
        self.picture = picture
        self.method_name = name

    def _keep_objects(self, kept):
        pass

    def _get_call(self):
        picture = self.picture
        return call_living, (objects.Reference(picture.anchor), self.method_name, self.args, self.kwargs, picture.names), {}

    def _take_end(self):
        self.picture.take(self)
        return True

    def _take(self, results):
        data, self.changes = results
        self.results = None if data is None else self._codec.loads(data)


# In the worker


class Description(objects.Making):
    def __init__(self, cls, create, args, kwargs, known, names, getters):
        self.cls = cls
        self.create = create
        self.args = args
        self.kwargs = kwargs
        self.known = known
        self.getters = getters

    def make(self):
        if self.create is not None:
            stand_in = types.SimpleNamespace(PROXY_CLASS=self.cls)
            value = self.create(stand_in, self.args, self.kwargs)
        else:
            value = self.cls(*self.args, **self.kwargs)
        for name, content in self.known.items():
            # Some can only be read.
            with contextlib.suppress(AttributeError):
                setattr(value, name, content)
        return Living(value, self.getters)


class Living(objects.Holder):
    """The object of a proxy, and what the host knows of it."""

    def __init__(self, value, getters):
        self.value = value
        self.getters = getters
        self.told = {}

    def get_object(self):
        return self.value

    def find_changes(self, names, dumps):
        """Compared as they travel, since lists and the like change in place."""
        changes = {}
        for name in names:
            self.compare(changes, name, lambda: getattr(self.value, name), dumps)
        for name in self.getters:
            self.compare(changes, name, lambda: getattr(self.value, name)(), dumps)
        return changes

    def compare(self, changes, name, get, dumps):
        try:
            data = dumps(get())
        except Exception:
            # It is not there, or cannot travel.
            return
        if self.told.get(name) != data:
            self.told[name] = changes[name] = data


def call_living(living, name, args, kwargs, names):
    from . import calls

    dumps = calls.current.codec.dumps_small
    results = None
    if name is not None:
        results = getattr(living.value, name)(*args, **kwargs)
    try:
        data = dumps(results)
    except Exception:
        data = None
    return data, living.find_changes(names, dumps)
