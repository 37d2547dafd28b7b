# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Its arguments are the command of a worker in any language, such as those of long-worker."""

import sys

import gi

gi.require_version("Mpel", "1")
from gi.repository import GLib, Mpel  # noqa: E402

with Mpel.EventLoop(launcher=Mpel.Launcher(argv=sys.argv[1:])) as loop:
    text = loop.add_event("echo", "Grüße")
    exact = loop.add_event("scan", GLib.Variant("u", 4))
    unknown = loop.add_event("no-such-target")
    loop.wait()
    print(text.results)
    print(exact.results)
    print(unknown.error.message)
