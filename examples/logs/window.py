# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The window: what is asked of the logs, and what they answer."""

import os

from gi.repository import Gdk, Gio, GLib, Gtk, Pango

import axis
import controls
from analysis import Analysis
from messages import Messages
from meter import Meter
from plot import Plot
from table import Filter
from weak import weakly

# How often the window shows what is new while files are read.
SHOWN_EVERY_MS = 150
# The longest that counting takes of a frame.
SLICE_US = 4000


class Window(Gtk.ApplicationWindow):
    """OPEN → CLOSING → destroyed. While it is closing it is hidden, and waits for its workers."""

    __gtype_name__ = "LogsWindow"

    def __init__(self, application):
        super().__init__(application=application, title="Logs", default_width=980, default_height=720)
        self.analysis = Analysis(weakly(self._mark))
        self.answer = None
        self.is_closing = False
        self._is_due = False  # there is something new to show
        self._timer = 0
        self._slices = 0  # the idle source that counts
        self._question = None
        self._build()
        self._add_actions()
        self._show_state()

    def _build(self):
        self.meter = Meter()
        self.header = controls.Header(self.meter)
        self.errors = controls.Errors()
        self.kinds = controls.Kinds(weakly(self.ask))
        self.search = Gtk.SearchEntry(placeholder_text="Search messages", width_chars=26)
        self.search.connect("search-changed", weakly(self._take_words))
        self.plot = Plot(weakly(self._take_span))
        self.span_label = Gtk.Label(xalign=0, hexpand=True, ellipsize=Pango.EllipsizeMode.END)
        self.all_button = Gtk.Button(label="Show All Times", action_name="win.show-all")
        self.messages = Messages()
        self.messages.connect("activate", weakly(self._search_message))
        self.progress = controls.Progress()
        self.set_titlebar(self.header)
        self.set_child(self._lay_out())

    def _lay_out(self):
        top = controls.make_row(self.kinds)
        middle = controls.make_row(self.span_label, self.all_button, self.search)
        lines = Gtk.ScrolledWindow(child=self.messages, vexpand=True)
        panes = Gtk.Paned(
            orientation=Gtk.Orientation.VERTICAL,
            start_child=self.plot,
            end_child=lines,
            position=230,
            shrink_start_child=False,
            shrink_end_child=False,
            resize_start_child=False,
        )
        view = controls.make_column(top, middle, panes)
        self.stack = Gtk.Stack(vexpand=True)
        self.stack.add_named(controls.make_hint(), "empty")
        self.stack.add_named(view, "view")
        return controls.make_column(self.errors, self.stack, self.progress)

    def _add_actions(self):
        for name, function in (
            ("open", self._choose_files),
            ("back", self._go_back),
            ("cancel", self._cancel),
            ("find", self._find),
            ("show-all", self._show_all),
        ):
            action = Gio.SimpleAction(name=name)
            action.connect("activate", weakly(function))
            self.add_action(action)
        self.drop = Gtk.DropTarget.new(Gdk.FileList, Gdk.DragAction.COPY)
        self.drop.connect("drop", weakly(self._take_drop))
        self.add_controller(self.drop)

    # Opening

    def open(self, paths):
        """Reads these files instead of those that are shown."""
        self.meter.reset()
        self.errors.clear()
        self.messages.show_rows([])
        self.answer = None
        self.plot.set_span(None)
        self.plot.show_answer(None)
        names = [os.path.basename(path) for path in paths]
        self.set_title(names[0] if len(names) == 1 else f"{len(names)} logs")
        self.analysis.open(paths)
        self._show_state()

    def _open_files(self, files):
        paths = [file.get_path() for file in files if file.get_path() is not None]
        if paths:
            self.open(paths)
        return bool(paths)

    def _choose_files(self, action, parameter):
        dialog = Gtk.FileChooserNative.new("Open Logs", self, Gtk.FileChooserAction.OPEN, "_Open", "_Cancel")
        dialog.set_select_multiple(True)
        dialog.set_modal(True)
        dialog.connect("response", weakly(self._take_choice))
        self._dialog = dialog  # nobody else holds it
        dialog.show()

    def _take_choice(self, dialog, response):
        self._dialog = None
        if response == Gtk.ResponseType.ACCEPT and not self.is_closing:
            self._open_files(list(dialog.get_files()))

    def _take_drop(self, target, files, x, y):
        return self._open_files(files.get_files())

    # Asking

    def make_filter(self):
        return Filter(frozenset(self.kinds.hidden), self.search.get_text(), self.plot.span)

    def _take_words(self, entry):
        self.ask()

    def _take_span(self, span):
        self.ask()

    def choose_span(self, span):
        self.plot.set_span(span)
        self.ask()

    def ask(self):
        """Counts what is wanted now, a little in each turn of the main loop."""
        self._is_due = True
        if self._slices == 0 and not self.is_closing:
            self._begin()

    def _begin(self):
        self._is_due = False
        self._question = self.analysis.table.ask(self.make_filter())
        self._slices = GLib.idle_add(self._count)

    def _count(self):
        end = GLib.get_monotonic_time() + SLICE_US
        try:
            while GLib.get_monotonic_time() < end:
                next(self._question)
        except StopIteration as last:
            self._slices = 0
            self._question = None
            self._show_answer(last.value)
            return GLib.SOURCE_REMOVE
        return GLib.SOURCE_CONTINUE

    def _mark(self):
        """Something is new, and is shown soon."""
        self._is_due = True
        if self._timer == 0 and not self.is_closing:
            self._timer = GLib.timeout_add(SHOWN_EVERY_MS, self._show_new)

    def _show_new(self):
        self._timer = 0
        self._show_state()
        if self._is_due:
            self.ask()
        return GLib.SOURCE_REMOVE

    @property
    def is_settled(self):
        """Nothing is read, nothing is counted, and all there is is shown."""
        return not (self.analysis.is_reading or self._is_due or self._timer or self._slices) and self.messages.is_settled

    # Showing

    def _show_answer(self, answer):
        self.answer = answer
        if answer is not None:
            self.plot.show_answer(answer)
            self.messages.show_rows(answer.rows)
            self.kinds.show_counts(answer.of_kind)
        self._show_state()
        if self._is_due and self._timer == 0:
            self.ask()

    def _show_state(self):
        analysis = self.analysis
        self.header.show(self.get_title(), self.describe())
        self.errors.show_new(analysis.errors)
        self.progress.show_state(analysis)
        self.stack.set_visible_child_name("view" if self.answer is not None else "empty")
        self.span_label.set_markup(self.describe_answer())
        self.all_button.set_visible(self.plot.span is not None)

    def describe(self):
        """What was read."""
        analysis = self.analysis
        if not analysis.sources:
            return ""
        table = analysis.table
        text = f"{axis.format_count(table.n_lines)} lines"
        if table.n_untimed:
            text += f", {axis.format_count(table.n_untimed)} without a time"
        return text + (", cancelled" if analysis.was_cancelled and not analysis.is_reading else "")

    def describe_answer(self):
        answer = self.answer
        if answer is None:
            return ""
        first, last = self.plot.span or (answer.first, answer.last)
        n_shown = len(answer.rows)
        messages = "1 message" if answer.n_rows == 1 else f"{axis.format_count(answer.n_rows)} messages"
        if answer.n_rows > n_shown:
            messages = f"{n_shown} of {messages}"
        lines = f"{axis.format_count(answer.n_lines)} lines, {messages}, counted {axis.format_width(answer.width)}"
        return f"{axis.format_span(first, last)}\n<small>{lines}</small>"

    # Keys

    def _find(self, action, parameter):
        if self.answer is not None:
            self.search.grab_focus()

    def _cancel(self, action, parameter):
        self.analysis.cancel()

    def _show_all(self, action, parameter):
        self.choose_span(None)

    def _search_message(self, messages, place):
        """The bars of one message, by Enter or a double click."""
        self.search.set_text(messages.store.get_item(place).message)

    def _go_back(self, action, parameter):
        """Escape: stops what runs, or else takes back what narrows the list."""
        if self.analysis.is_reading:
            self.analysis.cancel()
        elif self.plot.span is not None:
            self.choose_span(None)
        else:
            self.search.set_text("")

    # Closing

    def do_close_request(self):
        """The workers end first; what they read is not wanted any more."""
        if not self.is_closing:
            self.is_closing = True
            for source in (self._timer, self._slices):
                if source:
                    GLib.source_remove(source)
            self.messages.stop()
            self.set_visible(False)
            self.analysis.close(self.destroy)
        return True
