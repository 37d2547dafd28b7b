# Copyright 2026 The mpel authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The list of the most frequent messages."""

from gi.repository import Gio, GLib, GObject, Gtk

import axis
import kinds

# How many places are filled at once: the list makes widgets of some hundreds, also of those far below.
N_STEP = 16

# What binds in C costs no call of Python for each of the cells.
CELL = """
<interface>
  <template class="GtkListItem">
    <property name="child">
      <object class="GtkLabel">
        <property name="xalign">{align}</property>
        <property name="use-markup">{has_markup}</property>
        <property name="ellipsize">end</property>
        <style><class name="{style}"/></style>
        <binding name="label">
          <lookup name="{name}" type="LogsItem"><lookup name="item">GtkListItem</lookup></lookup>
        </binding>
      </object>
    </property>
  </template>
</interface>
"""


class Item(GObject.Object):
    """A place in the list. What stands there changes, and not where it is: so the list need not scroll."""

    __gtype_name__ = "LogsItem"

    count = GObject.Property(type=str, default="")
    kind = GObject.Property(type=str, default="")
    message = GObject.Property(type=str, default="")

    def show(self, n, row):
        for name, text in (("count", axis.format_count(n)), ("kind", kinds.MARKUP[row.kind]), ("message", row.message)):
            if self.get_property(name) != text:
                self.set_property(name, text)


class Messages(Gtk.ColumnView):
    """Shows the rows of an Answer, some in each turn of the main loop."""

    __gtype_name__ = "LogsMessages"

    def __init__(self):
        self.store = Gio.ListStore(item_type=Item)
        super().__init__(model=Gtk.SingleSelection(model=self.store, autoselect=False, can_unselect=True))
        self.add_css_class("data-table")
        self._add_column("Lines", "count", align=1, style="numeric", width=90)
        self._add_column("Kind", "kind", has_markup=True, width=96)
        self._add_column("Message", "message").set_expand(True)
        self._wanted = []
        self._n_filled = 0
        self._source = 0

    def _add_column(self, title, name, align=0, has_markup=False, style="cell", width=-1):
        text = CELL.format(name=name, align=align, has_markup=has_markup, style=style)
        factory = Gtk.BuilderListItemFactory.new_from_bytes(None, GLib.Bytes.new(text.encode()))
        column = Gtk.ColumnViewColumn(title=title, factory=factory, fixed_width=width)
        self.append_column(column)
        return column

    @property
    def is_settled(self):
        return self._source == 0

    def get_shown(self):
        """What stands in the list: (count, message)."""
        return [(item.count, item.message) for item in self.store]

    def show_rows(self, rows):
        """Shows these, which are (lines, row)."""
        self._wanted = rows
        self._n_filled = 0
        if self._source == 0:
            self._source = GLib.idle_add(self._fill)

    def stop(self):
        if self._source:
            GLib.source_remove(self._source)
            self._source = 0

    def _fill(self):
        start, wanted = self._n_filled, self._wanted
        end = self._n_filled = min(start + N_STEP, len(wanted))
        n_there = self.store.get_n_items()
        for place in range(start, min(end, n_there)):
            self.store.get_item(place).show(*wanted[place])
        if end > n_there:
            self.store.splice(n_there, 0, [make_item(*found) for found in wanted[n_there:end]])
        if end < len(wanted):
            return GLib.SOURCE_CONTINUE
        if end < n_there:
            self.store.splice(end, n_there - end, [])
        self._source = 0
        return GLib.SOURCE_REMOVE


def make_item(n, row):
    item = Item()
    item.show(n, row)
    return item
