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

BOOTSTRAP = """\
import sys
sys.path[:] = {path!r}
import gi
gi.require_version("Mpel", "1")
from gi.repository import Mpel
from gi.overrides.Mpel.bootstrap import run
run()
"""


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
    # Where the script is counts as well, and the current folder, which is "" there.
    path = [os.getcwd() if folder == "" else folder for folder in sys.path]
    return [sys.executable, *flags, "-c", BOOTSTRAP.format(path=path), *chunks]


def is_python(launcher):
    """Whether what it starts is our own interpreter."""
    argv = launcher.get_argv()
    return bool(argv) and argv[0] == sys.executable and any("gi.overrides.Mpel.bootstrap" in text for text in argv)
