#!/usr/bin/python3
# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Shows what is in logs: logs.py [FILE…]. Workers read them, while the window shows what they have found."""

import signal
import sys

import gi

gi.require_version("Gdk", "4.0")
gi.require_version("Gtk", "4.0")
gi.require_version("Mpel", "1")
from gi.repository import Gdk, Gio, Gtk  # noqa: E402

import controls  # noqa: E402
from window import Window  # noqa: E402

APPLICATION_ID = "org.mpel.Logs"
KEYS = {
    "win.open": "<Control>o",
    "win.find": "<Control>f",
    "win.back": "Escape",
    "window.close": ("<Control>w", "<Control>q"),
}


class Application(Gtk.Application):
    __gtype_name__ = "LogsApplication"

    def __init__(self):
        super().__init__(application_id=APPLICATION_ID, flags=Gio.ApplicationFlags.HANDLES_OPEN)
        self.set_option_context_parameter_string("[FILE…]")

    def do_startup(self):
        Gtk.Application.do_startup(self)
        controls.add_style(Gdk.Display.get_default())
        for action, keys in KEYS.items():
            self.set_accels_for_action(action, [keys] if isinstance(keys, str) else list(keys))

    def do_activate(self):
        Window(self).present()

    def do_open(self, files, n_files, hint):
        window = Window(self)
        window.present()
        window.open([file.get_path() for file in files if file.get_path() is not None])


def main():
    try:
        return Application().run(sys.argv)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


if __name__ == "__main__":
    sys.exit(main())
