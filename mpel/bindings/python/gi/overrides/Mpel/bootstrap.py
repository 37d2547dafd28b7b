# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What a worker runs first, that a Python host has started."""

import base64
import pickle
import signal
import sys
import types

import gi

from . import coroutines, pickling
from .base import raw
from .calls import Calls


def read_settings():
    text = "".join(sys.argv[1:])
    return pickle.loads(base64.b85decode(text))


def make_main():
    """The functions of the script find their globals in here; the script itself is not run."""
    main = types.ModuleType("__main__")
    main.__builtins__ = __builtins__
    sys.modules["__main__"] = sys.modules["__mp_main__"] = main


def ignore_interrupt():
    """Ctrl-C reaches all processes of a terminal; what becomes of this one is for the host to say.

    Not SIG_IGN, which programs that are started here would inherit.
    """
    signal.signal(signal.SIGINT, lambda number, frame: None)


def run():
    settings = read_settings()
    ignore_interrupt()
    sys.argv[:] = settings["argv"]
    for namespace, version in settings["versions"].items():
        if namespace not in gi._versions:
            gi._versions[namespace] = version
    make_main()

    worker = raw.Worker.get_default()
    if worker is None:
        sys.exit("This is started by a program, as its worker")
    calls = Calls(worker, pickling.find_codec(settings["codec"]))
    calls.install()
    if settings["initialize"] is not None:
        raw.Worker.set_initializer(worker, lambda worker: calls.initialize(settings["initialize"]))
    status = raw.Worker.run(worker)
    coroutines.leave()
    sys.exit(status)
