# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A label that tells the longest time between two frames."""

from gi.repository import GLib, Gtk

from weak import weakly

# The figure is read by people.
SHOWN_EVERY_US = 200_000


class Meter(Gtk.Label):
    """Asks for frames all the time, and measures by the clock: what frames tell themselves is smoothed."""

    def __init__(self):
        super().__init__(width_chars=7, tooltip_text="The longest time between two frames since files were opened")
        self.add_css_class("dim-label")
        self.add_css_class("numeric")
        self.reset()
        self.add_tick_callback(weakly(self._tick))

    def reset(self):
        self._last = None
        self._shown = 0
        self.longest_ms = 0.0

    def _tick(self, widget, clock):
        now = GLib.get_monotonic_time()
        if self._last is not None:
            self.longest_ms = max(self.longest_ms, (now - self._last) / 1000)
        self._last = now
        if now - self._shown >= SHOWN_EVERY_US:
            self._shown = now
            self.set_text(f"{self.longest_ms:.0f} ms")
        return GLib.SOURCE_CONTINUE
