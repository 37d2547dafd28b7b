/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

namespace Duplicates {

/* Which files are of interest. */
public class Filter : Object {
  private const int64[] SIZES = { 1, 10 * 1000, 1000 * 1000, 100 * 1000 * 1000 };

  public int64 min_size { get; set; default = 1; }
  public bool hidden { get; set; default = false; }

  public signal void changed ();

  public Gtk.MenuButton new_button () {
    var grid = new Gtk.Grid () { column_spacing = 12, row_spacing = 12, margin_top = 6, margin_bottom = 6, margin_start = 6, margin_end = 6 };
    var button = new Gtk.MenuButton () { icon_name = "open-menu-symbolic", tooltip_text = "Which files (F10)", primary = true };

    grid.attach (new Gtk.Label ("Smallest size") { xalign = 0 }, 0, 0);
    grid.attach (new_sizes (), 1, 0);
    grid.attach (new Gtk.Label ("Hidden files") { xalign = 0 }, 0, 1);
    grid.attach (new_hidden (), 1, 1);
    button.popover = new Gtk.Popover () { child = grid };
    return button;
  }

  private Gtk.Widget new_sizes () {
    string[] names = { "Any" };

    foreach (var size in SIZES[1:SIZES.length])
      names += format_size (size);
    var sizes = new Gtk.DropDown.from_strings (names);
    sizes.notify["selected"].connect (() => {
      min_size = SIZES[sizes.selected];
      changed ();
    });
    return sizes;
  }

  private Gtk.Widget new_hidden () {
    var hidden_switch = new Gtk.Switch () { halign = Gtk.Align.START };

    hidden_switch.notify["active"].connect (() => {
      hidden = hidden_switch.active;
      changed ();
    });
    return hidden_switch;
  }
}

}
