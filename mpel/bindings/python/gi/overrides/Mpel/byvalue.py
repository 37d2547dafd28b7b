# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Functions and classes that cannot be imported travel by value, and once.

Those of the script itself, of an interactive session, lambdas and closures are pickled with
cloudpickle into *bundles*. A bundle has all that belongs together: a function with the functions
and classes it uses. Each of its values has a number. Arguments and results mention values by
number only, so that a class stays one class in both processes, and an instance that comes back is
one of the host's own class.

A bundle is made again when a global or a variable of a closure that it uses has got another value
since: functions in the worker see what they would see here.
"""

import importlib
import io
import os
import pickle
import sys
import types
import weakref

import gi
from gi.module import IntrospectionModule
from gi.repository import GLib, GObject

try:
    import cloudpickle
except ImportError:
    cloudpickle = None

FunctionType = types.FunctionType
PROTOCOL = 5

# Numbers of different processes must not meet: a worker may have workers of its own.
last_number = int.from_bytes(os.urandom(4), "little") << 30

# Those of most functions are.
SMALL = 4096

# One of many workers of a pool is not told what it may drop.
MAX_LOADED = 10_000

loaded = {}  # in a worker: number of a bundle → the numbers of its values
values = {}  # in a worker: number → value
numbers = {}  # in a worker: id of a value → its number
own = {}  # in a host: number → weak reference to the value
entries = {}  # in a host: id of a value → Entry
shown = {}  # in a host: name of a global of the script → id of its value, and the bundles that have that


class Missing(Exception):
    """Says in a worker that a bundle was not sent to it, or was dropped."""


class Bundle:
    """Values that are pickled together; .needs has all bundles to load before, in order."""

    def __init__(self):
        self.number = next_number()
        self.data = b""
        self.needs = ()
        self.seen = []
        self.is_outdated = False
        weakref.finalize(self, drop_everywhere, self.number).atexit = False

    def is_fresh(self):
        if self.is_outdated:
            return False
        for names, known in self.seen:
            for name, value in known.items():
                if names.get(name, self) is not value:
                    return False
        for need in self.needs:
            if not need.is_fresh():
                return False
        return True


class Known:
    """What a worker has: numbers of bundles, and of those that it may drop."""

    def __init__(self):
        self.numbers = set()
        self.dropped = []
        all_known.add(self)

    def note(self, bundles):
        """They are about to be sent."""
        self.numbers.update(number for number, data in bundles)

    def clear(self):
        self.numbers.clear()
        self.dropped.clear()


class PoolKnown(Known):
    """What the workers of a pool have. Nobody knows which of them is to have an event.

    Small bundles travel with each: most events would be sent twice otherwise, while one worker after
    the other starts. Large ones that one worker lacks are sent again.
    """

    def note(self, bundles):
        self.numbers.update(number for number, data in bundles if len(data) > SMALL)


all_known = weakref.WeakSet()


def drop_everywhere(number):
    """Nobody uses the bundle any more."""
    for known in all_known:
        if number in known.numbers:
            known.numbers.discard(number)
            known.dropped.append(number)


class Cell(dict):
    """Looks at the content of a variable of a closure as if it were a global."""

    def __init__(self, cell):
        self.cell = cell

    def get(self, name, default):
        try:
            return self.cell.cell_contents
        except ValueError:
            return default


class Entry:
    """How a function or class travels: by number, or by reference when bundle is None."""

    __slots__ = ("ref", "number", "bundle")

    def __init__(self, value, number=0, bundle=None):
        self.ref = weakref.ref(value, make_forget(id(value), number))
        self.number = number
        self.bundle = bundle
        entries[id(value)] = self


def make_forget(key, number, entries=entries, own=own):
    """For weak references, which may outlive this module."""

    def forget(ref):
        entry = entries.get(key)
        if entry is not None and entry.ref is ref:
            del entries[key]
        own.pop(number, None)

    return forget


def next_number():
    global last_number

    last_number += 1
    return last_number


def fetch(number):
    """What a number in a pickle stands for."""
    try:
        return values[number]
    except KeyError:
        pass
    ref = own.get(number)
    value = ref() if ref is not None else None
    if value is None:
        raise Missing(number)
    return value


def is_importable(value):
    """Whether another process finds the same function or class under its name."""
    name = getattr(value, "__qualname__", None)
    module_name = getattr(value, "__module__", None)
    if not name or not module_name or module_name in ("__main__", "__mp_main__") or "<" in name:
        return False
    module = sys.modules.get(module_name)
    if module is None or is_made_here(module) or is_registered(module_name):
        return False
    found = module
    try:
        for part in name.split("."):
            found = getattr(found, part)
    except AttributeError:
        return False
    return found is value


def is_made_here(module):
    """Modules that were never loaded from anywhere; those of gi have loaders only."""
    return getattr(module, "__spec__", None) is None and getattr(module, "__loader__", None) is None


def is_registered(module_name):
    if cloudpickle is None:
        return False
    by_value = cloudpickle.list_registry_pickle_by_value()
    while module_name:
        if module_name in by_value:
            return True
        module_name = module_name.rpartition(".")[0]
    return False


def find_entry(value):
    """How @value travels; makes a bundle when it has to."""
    entry = entries.get(id(value))
    if entry is not None and entry.ref() is value:
        bundle = entry.bundle
        # Most see nothing that may change.
        if bundle is None or not (bundle.is_outdated or bundle.seen or bundle.needs) or bundle.is_fresh():
            return entry
    if is_importable(value):
        return Entry(value)
    make_bundle(value)
    return entries[id(value)]


def make_bundle(value):
    if cloudpickle is None:
        check_importable(value)
    buffer = io.BytesIO()
    pickler = BundlePickler(buffer)
    pickler.dump(value)
    bundle = pickler.bundle
    fresh = {id(member): Entry(member, number, bundle) for member, number in pickler.members}
    # The numbers of the members, which the worker finds by the same memo.
    pickler.dump([(number, member) for member, number in pickler.members])
    bundle.data = buffer.getvalue()
    for member, number in pickler.members:
        own[number] = fresh[id(member)].ref
    outdate_others(bundle)
    return bundle


def outdate_others(bundle):
    """Loading it sets globals that all functions of the script share in the worker.

    Others have to be made again, even when a global is back at the value that they know.
    """
    for names, known in bundle.seen:
        if names is not get_main_globals():
            continue
        for name, value in known.items():
            key, bundles = shown.get(name, (None, ()))
            if key != id(value):
                for other in bundles:
                    other.is_outdated = True
                bundles = weakref.WeakSet()
                shown[name] = id(value), bundles
            bundles.add(bundle)


def load_bundle(bundle, data):
    """In the worker."""
    if bundle in loaded:
        return
    unpickler = pickle.Unpickler(io.BytesIO(data))
    unpickler.load()
    members = unpickler.load()
    for number, value in members:
        values[number] = value
        numbers[id(value)] = number
    loaded[bundle] = [number for number, value in members]
    if len(loaded) > MAX_LOADED:
        drop_bundle(next(iter(loaded)))


def drop_bundle(bundle):
    """In the worker, which can always get it again."""
    for number in loaded.pop(bundle, ()):
        value = values.pop(number, None)
        if numbers.get(id(value)) == number:
            del numbers[id(value)]


def needs_of(bundles):
    """All of @bundles with what they need, in the order in which they load."""
    found = {}
    for bundle in bundles:
        for need in bundle.needs:
            found[need] = None
        found[bundle] = None
    return list(found)


def get_main_globals():
    return sys.modules["__main__"].__dict__


class MainGlobals(dict):
    """Stands for the globals of the script: in the worker its functions share those of its main module."""


main_globals = MainGlobals(name="__main__")


def has_custom_type(value):
    """Classes that GObject knows are made in another way."""
    return hasattr(value, "__gtype__") and hasattr(value, "__info__")


def make_gobject_class(metaclass, name, bases, namespace):
    return types.new_class(name, bases, {"metaclass": metaclass}, lambda space: space.update(namespace))


# What the type system puts into a class by itself.
GENERATED = ("__gtype__", "__info__", "__gproperties__", "__gsignals__", "__dict__", "__weakref__")


def reduce_gobject_class(cls):
    """Properties have to be there when the class is made; the rest may refer to the class itself."""
    content = {key: value for key, value in vars(cls).items() if key not in GENERATED}
    early = {key: value for key, value in content.items() if isinstance(value, GObject.Property)}
    for key in ("__module__", "__qualname__", "__doc__"):
        if key in content:
            early[key] = content[key]
    late = {key: value for key, value in content.items() if key not in early}
    return make_gobject_class, (type(cls), cls.__name__, cls.__bases__, early), late, None, None, fill_class


def fill_class(cls, content):
    for key, value in content.items():
        setattr(cls, key, value)
    cls._setup_vfuncs()


def check_importable(value):
    """For plain pickle, which would send a name that the worker does not know."""
    entry = entries.get(id(value))
    if entry is not None and entry.ref() is value and entry.bundle is None:
        return
    if not is_importable(value):
        hint = "" if cloudpickle is not None else ", once the package python3-cloudpickle is installed"
        raise pickle.PicklingError(
            f"{value!r} cannot be imported by a worker; Mpel.use ('cloudpickle') sends it by value{hint}"
        )
    Entry(value)


class PlainPickler(pickle.Pickler):
    """Pickles by reference only."""

    def __init__(self, file, mentions=None, taker=None):
        super().__init__(file, PROTOCOL, buffer_callback=taker)
        self.mentions = mentions

    def reducer_override(self, value):
        if self.mentions is not None:
            mention = self.mentions.reduce(value)
            if mention is not None:
                return mention
        kind = type(value)
        if (kind is FunctionType or issubclass(kind, type)) and not is_builtin(value):
            check_importable(value)
        return reduce_of_gi(value) or NotImplemented


if cloudpickle is not None:

    class BundlePickler(cloudpickle.CloudPickler):
        """Pickles by value what must be; mentions what other bundles have."""

        def __init__(self, file):
            super().__init__(file, PROTOCOL)
            self.bundle = Bundle()
            self.members = []
            self.globals_ref[id(get_main_globals())] = main_globals

        def reducer_override(self, value):
            kind = type(value)
            if kind is FunctionType or issubclass(kind, type):
                return self.reduce_named(value)
            if kind is MainGlobals:
                return get_main_globals, ()
            return reduce_of_gi(value) or super().reducer_override(value)

        def reduce_named(self, value):
            entry = entries.get(id(value))
            if entry is not None and entry.ref() is value and entry.bundle is not None and entry.bundle.is_fresh():
                self.bundle.needs = tuple(needs_of((*self.bundle.needs, entry.bundle)))
                return fetch, (entry.number,)
            if is_importable(value):
                return super().reducer_override(value)
            if has_custom_type(value):
                reduced = reduce_gobject_class(value)
            else:
                reduced = super().reducer_override(value)
            if reduced is not NotImplemented and type(reduced) is tuple and len(reduced) > 2:
                self.members.append((value, next_number()))
                if type(value) is FunctionType:
                    self.look_at(value, reduced)
            return reduced

        def look_at(self, function, reduced):
            """Keeps what the function sees, to know when it would see something else."""
            used = reduced[2][1].get("__globals__")
            if used:
                self.bundle.seen.append((function.__globals__, dict(used)))
            for cell in function.__closure__ or ():
                view = Cell(cell)
                self.bundle.seen.append((view, {"cell": view.get("cell", self.bundle)}))

    class CallPickler(cloudpickle.CloudPickler):
        """Pickles arguments in the host, and keeps the bundles that they need."""

        def __init__(self, file, mentions=None, taker=None):
            super().__init__(file, PROTOCOL, taker)
            self.needs = []
            self.mentions = mentions

        def reducer_override(self, value):
            kind = type(value)
            if self.mentions is not None:
                mention = self.mentions.reduce(value)
                if mention is not None:
                    return mention
            if kind is FunctionType or issubclass(kind, type):
                entry = find_entry(value) if not is_builtin(value) else None
                if entry is not None and entry.bundle is not None:
                    self.needs.append(entry.bundle)
                    return fetch, (entry.number,)
            return reduce_of_gi(value) or super().reducer_override(value)

    class ResultPickler(cloudpickle.CloudPickler):
        """Pickles results in the worker: what the host sent goes back by number."""

        def __init__(self, file, taker=None):
            super().__init__(file, PROTOCOL, taker)

        def reducer_override(self, value):
            number = numbers.get(id(value))
            if number is not None:
                return fetch, (number,)
            return reduce_of_gi(value) or super().reducer_override(value)


def import_gi(name, version):
    namespace = name.rpartition(".")[2]
    if version is not None and name not in sys.modules:
        gi.require_version(namespace, version)
    return importlib.import_module(name)


def make_variant(kind, data):
    return GLib.Variant.new_from_bytes(GLib.VariantType.new(kind), GLib.Bytes.new(data), False)


def reduce_module(module):
    name = module.__name__
    return import_gi, (name, gi.get_required_version(name.rpartition(".")[2]))


def reduce_function(function):
    """A function of a namespace; those of classes are found by these."""
    container = function.get_container()
    if container is not None:
        return None
    return getattr, (importlib.import_module(function.__module__), function.__name__)


REDUCERS = {
    IntrospectionModule: reduce_module,
    GLib.Variant: lambda value: (make_variant, (value.get_type_string(), value.get_data_as_bytes().get_data())),
    GLib.Bytes: lambda value: (GLib.Bytes.new, (value.get_data(),)),
    GLib.VariantType: lambda value: (GLib.VariantType.new, (value.dup_string(),)),
    GObject.GType: lambda value: (GObject.type_from_name, (value.name,)),
    gi.FunctionInfo if hasattr(gi, "FunctionInfo") else type(GLib.get_user_name): reduce_function,
}


def reduce_of_gi(value):
    """What PyGObject itself does not pickle."""
    reducer = REDUCERS.get(type(value))
    if reducer is not None:
        return reducer(value)
    if isinstance(value, types.ModuleType) and type(value) is not types.ModuleType and value.__name__.startswith("gi."):
        return reduce_module(value)
    return None


def is_builtin(value):
    return getattr(value, "__module__", None) == "builtins"
