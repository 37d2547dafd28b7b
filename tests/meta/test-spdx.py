# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Every file that a person writes as code begins with whose it is and under which licence."""

import meta

SUFFIXES = {".build", ".c", ".css", ".deps", ".h", ".in", ".js", ".mjs", ".py", ".sh", ".ui", ".vala", ".yml"}
NAMES = {"meson_options.txt"}
OWNER = "Copyright 2026 The mpel authors"
LICENCE = "SPDX-License-Identifier: LGPL-2.1-or-later"


def is_code(path):
    if path.suffix in SUFFIXES or path.name in NAMES:
        return True
    with open(path, "rb") as file:
        return file.read(2) == b"#!"


def first_lines(path):
    """Without the one that names the interpreter, and that which says XML."""
    lines = path.read_text().splitlines()[:3]
    return lines[1:3] if lines and lines[0].startswith(("#!", "<?xml", "# shellcheck")) else lines[:2]


def nameless():
    for path in meta.files():
        if path.is_symlink() or not is_code(path):
            continue
        lines = first_lines(path)
        if len(lines) < 2 or OWNER not in lines[0] or LICENCE not in lines[1]:
            yield f"{meta.name_of(path)} does not begin with “{OWNER}” and “{LICENCE}”, one line each"


tap = meta.Tap()
tap.check("code begins with copyright and licence", nameless())
tap.end()
