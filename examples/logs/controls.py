# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""What stands around the plot and the list."""

import os

from gi.repository import Gtk, Pango

import axis
import kinds
from weak import weakly

MARGIN = 8
N_ERRORS = 3
STYLE = b"""
.logs-error { background-color: alpha(@error_color, 0.12); border-radius: 6px; padding: 2px 2px 2px 8px; }
.logs-error button { min-height: 24px; min-width: 24px; padding: 0; }
"""


def add_style(display):
    """What the theme has nothing for."""
    provider = Gtk.CssProvider()
    provider.load_from_data(STYLE)
    Gtk.StyleContext.add_provider_for_display(display, provider, Gtk.STYLE_PROVIDER_PRIORITY_APPLICATION)


def make_row(*children):
    row = Gtk.Box(spacing=MARGIN, margin_start=MARGIN, margin_end=MARGIN, margin_top=MARGIN)
    for child in children:
        row.append(child)
    return row


def make_column(*children):
    column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
    for child in children:
        column.append(child)
    return column


def make_hint():
    label = Gtk.Label(label="No lines here\nCtrl+O opens logs, or drop them here", justify=Gtk.Justification.CENTER)
    label.add_css_class("dim-label")
    return label


class Header(Gtk.Box):
    """The title bar."""

    def __init__(self, meter):
        super().__init__()
        bar = Gtk.HeaderBar(hexpand=True)
        button = Gtk.Button(icon_name="document-open-symbolic", tooltip_text="Open logs (Ctrl+O)")
        button.set_action_name("win.open")
        self.title = Gtk.Label(css_classes=["title"], ellipsize=Pango.EllipsizeMode.MIDDLE)
        self.subtitle = Gtk.Label(css_classes=["subtitle"], ellipsize=Pango.EllipsizeMode.END)
        titles = make_column(self.title, self.subtitle)
        titles.set_valign(Gtk.Align.CENTER)
        bar.set_title_widget(titles)
        bar.pack_start(button)
        bar.pack_end(meter)
        self.append(bar)

    def show(self, title, subtitle):
        self.title.set_text(title)
        self.subtitle.set_text(subtitle)
        self.subtitle.set_visible(bool(subtitle))


class Errors(Gtk.Box):
    """A row for each file that could not be read."""

    def __init__(self):
        super().__init__(orientation=Gtk.Orientation.VERTICAL)
        self.shown = []  # the messages

    def clear(self):
        self.shown = []
        while (row := self.get_first_child()) is not None:
            self.remove(row)

    def show_new(self, errors):
        """Shows (path, message) that are not shown yet; all of them are in the tooltip of the last."""
        for path, message in errors[len(self.shown) :]:
            text = f"{os.path.basename(path)}: {message}"
            self.shown.append(text)
            if len(self.shown) <= N_ERRORS:
                self.append(self._make_error(text, path))
            else:
                label = self.get_last_child().get_first_child().get_next_sibling()
                label.set_text(f"{len(self.shown) - N_ERRORS + 1} more files could not be read")
                label.set_tooltip_text("\n".join(self.shown[N_ERRORS - 1 :]))

    def _make_error(self, text, path):
        label = Gtk.Label(label=text, tooltip_text=path, xalign=0, hexpand=True, ellipsize=Pango.EllipsizeMode.END)
        button = Gtk.Button(icon_name="window-close-symbolic", has_frame=False, tooltip_text="Hide")
        row = make_row(Gtk.Image(icon_name="dialog-warning-symbolic"), label, button)
        row.add_css_class("logs-error")
        button.connect("clicked", hide_row)
        return row


def hide_row(button):
    button.get_parent().set_visible(False)


class Kinds(Gtk.ScrolledWindow):
    """A button for each kind there is, with its colour and its count. Narrow windows show some of them."""

    def __init__(self, changed):
        self.row = Gtk.Box(spacing=4)
        super().__init__(child=self.row, hexpand=True)
        self.set_policy(Gtk.PolicyType.EXTERNAL, Gtk.PolicyType.NEVER)
        self.hidden = set()
        self.buttons = [self._make_button(kind, changed) for kind in range(len(kinds.NAMES))]

    def _make_button(self, kind, changed):
        button = Gtk.ToggleButton(active=True, visible=False, child=Gtk.Label())
        button.set_tooltip_text(f"Show or hide lines of the kind {kinds.NAMES[kind]}")
        button.connect("toggled", weakly(self._toggle), kind, changed)
        self.row.append(button)
        return button

    def _toggle(self, button, kind, changed):
        (self.hidden.discard if button.get_active() else self.hidden.add)(kind)
        button.get_child().set_opacity(1 if button.get_active() else 0.5)
        changed()

    def show_counts(self, counts):
        for kind, (button, n) in enumerate(zip(self.buttons, counts)):
            # Who narrows the list is not to lose the buttons.
            if n > 0:
                button.set_visible(True)
            button.get_child().set_markup(f"{kinds.MARKUP[kind]} <small>{axis.format_count(n)}</small>")


class Progress(Gtk.Revealer):
    """How far reading is, and a button that stops it."""

    def __init__(self):
        super().__init__(transition_type=Gtk.RevealerTransitionType.SLIDE_UP)
        self.bar = Gtk.ProgressBar(hexpand=True, valign=Gtk.Align.CENTER)
        self.label = Gtk.Label(css_classes=["numeric"])
        self.button = Gtk.Button(label="Cancel", action_name="win.cancel", tooltip_text="Stop reading (Escape)")
        row = make_row(self.label, self.bar, self.button)
        row.set_margin_bottom(MARGIN)
        self.set_child(row)

    def show_state(self, analysis):
        self.set_reveal_child(analysis.is_reading)
        if analysis.is_reading:
            self.bar.set_fraction(analysis.fraction)
            n = len(analysis.sources)
            self.label.set_text(f"Reading {n} files" if n > 1 else "Reading")
