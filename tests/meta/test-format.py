# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""All C is formatted by one version of clang-format, since each version formats differently."""

import fnmatch
import re
import shutil

import meta

VERSION = "14"


def find_program():
    """Returns (program, why there is none)."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        if shutil.which(name):
            found = re.search(r"version (\d+)", meta.run(name, "--version")[1]).group(1)
            return (name, None) if found == VERSION else (None, f"needs clang-format {VERSION}, found {found}")
    return None, "clang-format is not installed"


def unformatted(program):
    # Here a star stands for folders too.
    patterns = (meta.SOURCE / ".clang-format-include").read_text().replace("**/", "").split()
    for path in meta.c_files("mpel", "tests", "examples"):
        if any(fnmatch.fnmatch(meta.name_of(path), pattern) for pattern in patterns):
            status, out = meta.run(program, "--dry-run", "--Werror", path)
            if status != 0:
                yield f"{out.splitlines()[0]}\n  clang-format -i {meta.name_of(path)}"


tap = meta.Tap()
program, reason = find_program()
if program:
    tap.check("all C is formatted", unformatted(program))
else:
    tap.skip("all C is formatted", reason)
tap.end()
