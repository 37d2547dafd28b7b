# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""`meson devenv` is enough to use the library from Python, uninstalled."""

import os
import shutil
import sys

import meta

IMPORT = "import gi; gi.require_version('Mpel', '1'); from gi.repository import Mpel; print(Mpel.EventLoop())"
# Those of the test itself must not help.
OURS = ("GI_TYPELIB_PATH", "LD_LIBRARY_PATH", "PYTHONPATH")


def import_fails():
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    status, out = meta.run("meson", "devenv", "-C", meta.BUILD, sys.executable, "-c", IMPORT, env=environment)
    return [out] if status != 0 else []


tap = meta.Tap()
name = "Python imports the library in meson devenv"
if not (meta.BUILD / "mpel/Mpel-1.typelib").exists():
    tap.skip(name, "built without introspection")
elif not shutil.which("meson"):
    tap.skip(name, "meson is not on the PATH")
else:
    tap.check(name, import_fails())
tap.end()
