# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Installs into an empty folder and uses what is there as a program of somebody else would."""

import os
import pathlib
import shutil
import sys
import tempfile

import meta

IMPORT = """
import gi
gi.require_version("Mpel", "1")
from gi.repository import Mpel
print(Mpel.EventLoop.new())
"""


class Installation:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.files = [path for path in self.folder.rglob("*") if path.is_file()]
        self.pc = self.find("mpel-1.pc")
        self.library = self.find("libmpel-1.so.0")
        self.typelib = self.find("Mpel-1.typelib")

    def find(self, name):
        return next((path for path in self.folder.rglob(name)), None)

    def relocate(self):
        """The .pc file says where things will be in the end; for now they are in this folder."""
        lines = self.pc.read_text().splitlines()
        moved = [f"prefix={self.folder}{line.removeprefix('prefix=')}" if line.startswith("prefix=") else line for line in lines]
        self.pc.write_text("\n".join(moved) + "\n")

    def flags(self):
        path = f"{self.pc.parent}:{os.environ.get('PKG_CONFIG_PATH', '')}"
        status, out = meta.run("pkg-config", "--cflags", "--libs", "mpel-1", env={**os.environ, "PKG_CONFIG_PATH": path})
        if status != 0:
            raise RuntimeError(out)
        return out.split()

    def environment(self):
        typelibs = {"GI_TYPELIB_PATH": str(self.typelib.parent)} if self.typelib else {}
        return {**os.environ, "LD_LIBRARY_PATH": str(self.library.parent), **typelibs}


def missing(installation):
    names = ["mpel-1.pc", "libmpel-1.so", "libmpel-1.so.0", "org.mpel.Worker1.xml", "org.mpel.Wire1.xml"]
    if (meta.BUILD / "mpel/Mpel-1.gir").exists():
        names += ["Mpel-1.gir", "Mpel-1.typelib", "byvalue.py", "Mpel.pyi"]
    if (meta.BUILD / "mpel/mpel-1.vapi").exists():
        names += ["mpel-1.vapi", "mpel-1.deps"]
    yield from (f"{name} is not installed" for name in names if not installation.find(name))


def wrong_headers(installation):
    there = {str(path.relative_to(installation.folder)) for path in installation.files if path.suffix == ".h"}
    names = {name.rpartition("/")[2] for name in there}
    public = {path.name for path in meta.public_headers()}
    yield from (f"{name} is not installed" for name in sorted(public - names))
    yield from (f"{name} is installed" for name in sorted(names - public))
    yield from (f"{name} is in the wrong folder" for name in sorted(there) if f"/{meta.HEADER_FOLDER}/" not in name)


def program_fails(installation):
    source = pathlib.Path(__file__).with_name("installed.c")
    program = installation.folder / "installed"
    status, out = meta.run(meta.compiler(), "-Wall", "-Werror", "-o", program, source, *installation.flags())
    if status == 0:
        status, out = meta.run(program, env=installation.environment())
    return [] if (status, out) == (0, "42\n") else [f"status {status}, it said:", out]


def import_fails(installation):
    status, out = meta.run(sys.executable, "-c", IMPORT, env=installation.environment())
    return [out] if status != 0 else []


def check(tap, installation):
    tap.check("all kinds of files are installed", missing(installation))
    tap.check("the installed headers are the public ones", wrong_headers(installation))
    if installation.pc and installation.library:
        installation.relocate()
        tap.check("a program in C builds and runs with what pkg-config says", program_fails(installation))
    if installation.typelib:
        tap.check("Python imports the typelib", import_fails(installation))
    else:
        tap.skip("Python imports the typelib", "built without introspection")


tap = meta.Tap()
if shutil.which("meson"):
    with tempfile.TemporaryDirectory() as folder:
        # Builds what no test needs but the installation does, such as the docs.
        status, out = meta.run("meson", "install", "-C", meta.BUILD, "--destdir", folder)
        tap.check("meson install works", [out] if status != 0 else [])
        check(tap, Installation(folder))
else:
    tap.skip("meson install works", "meson is not on the PATH")
tap.end()
