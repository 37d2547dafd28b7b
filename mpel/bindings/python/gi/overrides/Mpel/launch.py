# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Starts workers: the interpreter again, but not the script."""

import base64
import os
import pickle
import subprocess
import sys

import gi

# No argument may be longer than 128 KiB.
CHUNK = 100_000

# Ctrl-C is the host's to answer, and may come before there is anything else here.
BOOTSTRAP = """\
import signal
signal.signal(signal.SIGINT, lambda number, frame: None)
import sys
sys.path[:] = {path!r}
import gi
gi.require_version("Mpel", "1")
from gi.repository import Mpel
from gi.overrides.Mpel.bootstrap import run
run()
"""


def is_self_exec():
    """Whether the running program is its own worker."""
    from . import worker

    return worker.was_asked


def can_start():
    """Whether the running program is an interpreter, which can be told to run something else."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


def make_argv(loop):
    """What starts a worker for @loop as things are now."""
    initialize = loop.initialize_process
    settings = {
        "argv": list(sys.argv),
        "versions": dict(gi._versions),
        "codec": loop._codec.name,
        "initialize": None if initialize is None else loop._codec.dumps((initialize,)),
    }
    text = base64.b85encode(pickle.dumps(settings)).decode()
    chunks = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    flags = subprocess._args_from_interpreter_flags()
    return [sys.executable, *flags, "-c", BOOTSTRAP.format(path=find_path()), *chunks]


def find_path():
    """Where the worker looks for modules: as we do, in the folder of the script and in the current one as well."""
    try:
        here = os.getcwd()
    except OSError:
        # Somebody has removed it.
        here = None
    folders = (here if folder == "" else folder for folder in sys.path)
    # Python passes over whatever else programs put there.
    return [folder for folder in folders if isinstance(folder, str)]


def is_python(launcher):
    """Whether what it starts is our own interpreter."""
    argv = launcher.get_argv()
    return bool(argv) and argv[0] == sys.executable and any("gi.overrides.Mpel.bootstrap" in text for text in argv)
