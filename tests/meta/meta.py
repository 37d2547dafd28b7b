# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What the meta tests share: where things are, the files of the project, and TAP."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("MPEL_BUILD_ROOT", SOURCE / "_build"))
HEADER_FOLDER = "include/mpel-1/mpel"

# Headers that the build makes; they are words of the base.
GENERATED = ("mpel-enum-types.h", "mpel-version.h", "mpel-marshal.h", "mpel-worker-gen.h")


class Tap:
    def __init__(self):
        self.number = 0
        self.failed = False

    def check(self, name, problems):
        """One case, which fails when there is a line of a problem."""
        problems = list(problems)
        self.number += 1
        self.failed |= bool(problems)
        # Not as TAP comments: these are what `meson test --print-errorlogs` hides.
        print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
        print("not ok" if problems else "ok", self.number, "-", name, flush=True)

    def skip(self, name, reason):
        self.number += 1
        print("ok", self.number, "-", name, "# SKIP", reason, flush=True)

    def note(self, text):
        for line in str(text).splitlines():
            print("#", line)

    def end(self):
        print(f"1..{self.number}")
        sys.exit(self.failed)


def is_build_folder(path):
    return path.name.startswith("_build") or (path / "meson-private").is_dir()


def files(folder=SOURCE):
    """All files of the checkout, those that are not committed yet too."""
    for path in sorted(folder.iterdir()):
        if not path.is_dir():
            yield path
        elif path.name not in (".git", "__pycache__") and not is_build_folder(path):
            yield from files(path)


def name_of(path):
    return str(path.relative_to(SOURCE))


def c_files(*folders):
    return [path for folder in folders for path in files(SOURCE / folder) if path.suffix in (".c", ".h")]


def installed():
    """What `meson install` puts where: pairs of the file here and the path there."""
    plan = json.loads((BUILD / "meson-info/intro-installed.json").read_text())
    return [(pathlib.Path(here), there) for here, there in plan.items()]


def public_headers():
    return [here for here, there in installed() if f"/{HEADER_FOLDER}/" in there]


def run(*command, **options):
    """Returns (status, all that it said)."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, **options}
    done = subprocess.run([str(word) for word in command], **options)
    return done.returncode, done.stdout


def compiler():
    return os.environ.get("CC") or shutil.which("cc") or "gcc"


def pkg_config(*arguments):
    status, out = run("pkg-config", *arguments)
    if status != 0:
        raise RuntimeError(out)
    return out.split()


def compare_with_saved(file_name, lines):
    """The problems of a text that only changes on purpose. With MPEL_META_UPDATE=1 it is saved."""
    path = pathlib.Path(__file__).with_name(file_name)
    if os.environ.get("MPEL_META_UPDATE"):
        path.write_text("\n".join(lines) + "\n")
    saved = path.read_text().splitlines() if path.exists() else []
    gone = [f"gone:  {line}" for line in saved if line not in set(lines)]
    new = [f"new:   {line}" for line in lines if line not in set(saved)]
    if not gone and not new:
        return []
    hint = f"If it is meant: MPEL_META_UPDATE=1 meson test -C _build --suite meta, and commit tests/meta/{file_name}."
    return [*gone, *new, hint]
