# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Stacked bars of counts over time, among which a range can be chosen."""

from gi.repository import Gdk, Graphene, Gtk

import axis
import kinds
from weak import weakly

LEFT, RIGHT, TOP, BOTTOM = 60, 24, 12, 24
MARK_WIDTH = 90  # a label of the time has that much room
MARK_HEIGHT = 45
GAP = 4  # between a label and what it belongs to
CLICK = 4  # who moves less does not drag


def make_colour(text, alpha=1.0):
    colour = Gdk.RGBA()
    colour.parse(text)
    colour.alpha = alpha
    return colour


COLOURS = [make_colour(text) for text in kinds.COLOURS]
CHOSEN = make_colour("#3584e4", 0.14)
CHOSEN_EDGE = make_colour("#3584e4", 0.8)


def with_alpha(colour, alpha):
    faint = colour.copy()
    faint.alpha *= alpha
    return faint


def make_rect(x, y, width, height):
    return Graphene.Rect().init(x, y, width, height)


class Plot(Gtk.DrawingArea):
    """Shows an Answer. chosen (span) is called when somebody chooses a range of minutes, or None."""

    __gtype_name__ = "LogsPlot"

    def __init__(self, chosen):
        super().__init__(focusable=True, has_tooltip=True, height_request=190)
        self.chosen = chosen
        self.answer = None
        self.span = None
        self._pressed = None  # where a drag began
        self._had_span = False
        self.drag = Gtk.GestureDrag()
        self.drag.connect("drag-begin", weakly(self._begin_drag))
        self.drag.connect("drag-update", weakly(self._update_drag))
        self.drag.connect("drag-end", weakly(self._end_drag))
        self.add_controller(self.drag)
        self.keys = Gtk.EventControllerKey()
        self.keys.connect("key-pressed", weakly(self._press_key))
        self.add_controller(self.keys)

    def show_answer(self, answer):
        self.answer = answer
        self.queue_draw()

    def set_span(self, span):
        """Shows a range as the one that is chosen."""
        if self.span != span:
            self.span = span
            self.queue_draw()

    # Places

    def get_bar_width(self):
        return max(1.0, self.get_width() - LEFT - RIGHT) / self.answer.n_bars

    def find_bar(self, x):
        """The bar at x, or that which is nearest."""
        return min(max(0, int((x - LEFT) // self.get_bar_width())), self.answer.n_bars - 1)

    def find_x(self, minute):
        return LEFT + (minute - self.answer.start) / self.answer.width * self.get_bar_width()

    def make_span(self, one, other):
        """The minutes of two bars and of those between."""
        start, width = self.answer.start, self.answer.width
        return start + min(one, other) * width, start + (max(one, other) + 1) * width - 1

    # Choosing

    def _choose(self, span):
        if span != self.span:
            self.set_span(span)
            self.chosen(span)

    def _begin_drag(self, gesture, x, y):
        self.grab_focus()
        self._pressed = x if self.answer is not None else None
        self._had_span = self.span is not None

    def _update_drag(self, gesture, dx, dy):
        if self._pressed is None or abs(dx) < CLICK:
            return
        self._choose(self.make_span(self.find_bar(self._pressed), self.find_bar(self._pressed + dx)))

    def _end_drag(self, gesture, dx, dy):
        """A click chooses a bar, or nothing any more."""
        if self._pressed is not None and abs(dx) < CLICK:
            bar = self.find_bar(self._pressed)
            self._choose(None if self._had_span else self.make_span(bar, bar))
        self._pressed = None

    def _press_key(self, controller, key, code, state):
        step = {Gdk.KEY_Left: -1, Gdk.KEY_Right: 1}.get(key)
        if step is None or self.answer is None:
            return False
        self.move(step, bool(state & Gdk.ModifierType.SHIFT_MASK))
        return True

    def move(self, step, extends):
        """Moves the range by bars, or only its end."""
        answer = self.answer
        if self.span is None:
            bar = 0 if step > 0 else answer.n_bars - 1
            self._choose(self.make_span(bar, bar))
            return
        one, other = ((minute - answer.start) // answer.width for minute in self.span)
        one, other = (one, max(one, other + step)) if extends else (one + step, other + step)
        if 0 <= one and other < answer.n_bars:
            self._choose(self.make_span(one, other))

    def do_query_tooltip(self, x, y, by_keyboard, tooltip):
        if self.answer is None or by_keyboard or not LEFT <= x < self.get_width() - RIGHT:
            return False
        tooltip.set_text(self.describe_bar(self.find_bar(x)))
        return True

    def describe_bar(self, bar):
        counts = [(kind, bars[bar]) for kind, bars in sorted(self.answer.bars.items()) if bars[bar]]
        lines = [axis.format_span(*self.make_span(bar, bar))]
        lines += [f"{kinds.NAMES[kind]}: {axis.format_count(n)}" for kind, n in counts]
        return "\n".join(lines)

    # Drawing

    def do_snapshot(self, snapshot):
        if self.answer is None or self.get_height() <= TOP + BOTTOM:
            return
        colour = self.get_style_context().get_color()
        height = self.get_height() - TOP - BOTTOM
        tops = [sum(column) for column in zip(*self.answer.bars.values())]
        marks = axis.find_counts(max(tops, default=0) or 1, max(1, height // MARK_HEIGHT))
        self._draw_counts(snapshot, marks, height, colour)
        self._draw_span(snapshot, height)
        self._draw_bars(snapshot, height, height / marks[-1])
        self._draw_times(snapshot, colour)

    def _draw_counts(self, snapshot, marks, height, colour):
        line, text = with_alpha(colour, 0.12), with_alpha(colour, 0.65)
        for n in [0, *marks]:
            y = round(TOP + height - n / marks[-1] * height)
            snapshot.append_color(line, make_rect(LEFT, y, self.get_width() - LEFT - RIGHT, 1))
            self._draw_text(snapshot, axis.format_count(n), LEFT - 2 * GAP, y, 1, text)

    def _draw_times(self, snapshot, colour):
        answer = self.answer
        y = self.get_height() - BOTTOM
        text = with_alpha(colour, 0.65)
        end = answer.start + answer.n_bars * answer.width
        n_marks = max(1, (self.get_width() - LEFT - RIGHT) // MARK_WIDTH)
        for minute, words in axis.find_times(answer.start, end, n_marks):
            x = self.find_x(minute)
            snapshot.append_color(text, make_rect(round(x), y, 1, GAP))
            self._draw_text(snapshot, words, x, y + BOTTOM / 2 + GAP / 2, 0.5, text)

    def _draw_text(self, snapshot, words, x, y, align, colour):
        """Around y, and left of x as far as align says. No text is cut at the edges."""
        layout = self.create_pango_layout(words)
        width, height = layout.get_pixel_size()
        left = min(max(0, x - align * width), self.get_width() - width)
        snapshot.save()
        snapshot.translate(Graphene.Point().init(round(left), round(y - height / 2)))
        snapshot.append_layout(layout, colour)
        snapshot.restore()

    def _draw_span(self, snapshot, height):
        if self.span is None:
            return
        left = max(LEFT, self.find_x(self.span[0]))
        right = min(self.get_width() - RIGHT, self.find_x(self.span[1] + 1))
        snapshot.append_color(CHOSEN, make_rect(left, TOP, max(0, right - left), height))
        for x in left, right - 1:
            snapshot.append_color(CHOSEN_EDGE, make_rect(round(x), TOP, 1, height))

    def _draw_bars(self, snapshot, height, scale):
        bar_width = self.get_bar_width()
        space = 1 if bar_width >= 3 else 0
        # What is worst stands on the ground, where bars are easy to compare.
        columns = [(COLOURS[kind], bars) for kind, bars in sorted(self.answer.bars.items())]
        for bar in range(self.answer.n_bars):
            x, right = round(LEFT + bar * bar_width), round(LEFT + (bar + 1) * bar_width)
            y = TOP + height
            for colour, bars in columns:
                if n := bars[bar]:
                    y -= n * scale
                    snapshot.append_color(colour, make_rect(x, y, max(1, right - x - space), n * scale))
