# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The top level stays as small as it is: a newcomer reads it at a glance."""

import meta

ALLOWED = {
    "mpel",
    "tests",
    "examples",
    "data",
    "meson.build",
    "mpel.doap",
    "README.md",
    # Where tools insist on finding them.
    "COPYING",
    "NEWS",
    "meson_options.txt",
}


def strangers():
    for path in sorted(meta.SOURCE.iterdir()):
        if path.name not in ALLOWED and not path.name.startswith(".") and not (path.is_dir() and meta.is_build_folder(path)):
            yield f"{path.name} does not belong on the top level"


tap = meta.Tap()
tap.check("the top level holds only what it may", strangers())
tap.end()
