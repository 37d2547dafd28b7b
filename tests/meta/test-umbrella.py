# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A program includes <mpel/mpel.h>, which is complete, and nothing else."""

import re
import shutil

import meta

MESSAGE = "Include <mpel/mpel.h>, never a single mpel header."
WARNINGS = ["-Wall", "-Wextra", "-Wundef", "-Werror", "-Wno-unused-parameter"]


def flags():
    folders = {path.parent for path in meta.public_headers()}
    roots = [meta.SOURCE, meta.BUILD]
    return [f"-I{path}" for path in [*roots, *sorted(folders)]] + meta.pkg_config("--cflags", "gio-2.0")


def compile_text(text, command):
    return meta.run(*command, "-fsyntax-only", "-", *flags(), input=text)


def accepted_alone():
    for path in meta.public_headers():
        if path.name == "mpel.h":
            continue
        status, out = compile_text(f'#include "{path}"\n', [meta.compiler(), "-xc"])
        if status == 0 or MESSAGE not in out:
            yield f"{path.name} alone is not refused with “{MESSAGE}”"


def fails_to_compile(command):
    status, out = compile_text("#include <mpel/mpel.h>\nint main (void) { return 0; }\n", command)
    return [out] if status != 0 else []


def not_in_umbrella():
    umbrella = (meta.SOURCE / "mpel/mpel.h").read_text()
    included = set(re.findall(r'^#include "([^"]+)"', umbrella, re.M))
    public = {path.name for path in meta.public_headers()} - {"mpel.h"}
    yield from (f"mpel.h does not include {name}" for name in sorted(public - included))
    yield from (f"mpel.h includes {name}, which is not installed" for name in sorted(included - public))


def wrongly_installed():
    public = {path.name for path in meta.public_headers()}
    yield from (f"{name} is private but installed" for name in sorted(public) if name.endswith("-private.h"))
    for path in meta.c_files("mpel"):
        if path.suffix == ".h" and not path.name.endswith("-private.h") and path.name not in public:
            yield f"{meta.name_of(path)} is neither named -private.h nor installed"


tap = meta.Tap()
tap.check("a single header is refused", accepted_alone())
tap.check("mpel.h compiles as C", fails_to_compile([meta.compiler(), "-xc", "-std=c11", "-Wstrict-prototypes", *WARNINGS]))
if shutil.which("g++"):
    tap.check("mpel.h compiles as C++", fails_to_compile(["g++", "-xc++", *WARNINGS]))
else:
    tap.skip("mpel.h compiles as C++", "g++ is not installed")
tap.check("mpel.h includes every public header", not_in_umbrella())
tap.check("private headers are not installed", wrongly_installed())
tap.end()
