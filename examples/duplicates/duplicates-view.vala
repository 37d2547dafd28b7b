/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

namespace Duplicates {

/* The list of what was found, most wasted space first. */
public class View : Gtk.Box {
  public Finder finder { get; construct; }
  public File? folder { get; set; }

  private Gtk.ListView list;
  private Gtk.SingleSelection selection;

  public signal void show_folder (Copy copy);

  public View (Finder finder) {
    Object (finder: finder);
  }

  construct {
    var sorter = new Gtk.CustomSorter (compare_wasted);
    var sorted = new Gtk.SortListModel (finder.groups, sorter);
    var tree = new Gtk.TreeListModel (sorted, false, true, list_copies);
    var factory = new Gtk.SignalListItemFactory ();
    var scrolled = new Gtk.ScrolledWindow ();
    /* Before the list takes Space for itself. */
    var keys = new Gtk.EventControllerKey () { propagation_phase = Gtk.PropagationPhase.CAPTURE };

    factory.setup.connect ((item) => set_up_row ((Gtk.ListItem) item));
    factory.bind.connect ((item) => row_of (item).bind ((Gtk.TreeListRow) ((Gtk.ListItem) item).item));
    factory.unbind.connect ((item) => row_of (item).unbind ());
    selection = new Gtk.SingleSelection (tree) { autoselect = false };
    list = new Gtk.ListView (selection, factory);
    list.activate.connect (toggle_at);
    keys.key_pressed.connect ((key, code, state) => press (key, state & Gtk.accelerator_get_default_mod_mask ()));
    list.add_controller (keys);
    scrolled.child = list;
    scrolled.hexpand = true;
    scrolled.vexpand = true;
    append (scrolled);
  }

  private static ListModel? list_copies (Object item) {
    var group = item as Group;

    return group != null ? group.copies : null;
  }

  private static int compare_wasted (Object? a, Object? b) {
    unowned var left = (Group) a;
    unowned var right = (Group) b;

    if (left.wasted != right.wasted)
      return left.wasted < right.wasted ? 1 : -1;
    return strcmp (left.checksum, right.checksum);
  }

  private void set_up_row (Gtk.ListItem item) {
    var row = new Row ();

    bind_property ("folder", row, "folder", BindingFlags.SYNC_CREATE);
    row.show_folder.connect ((copy) => show_folder (copy));
    item.child = row;
  }

  private static Row row_of (Object item) {
    return (Row) ((Gtk.ListItem) item).child;
  }

  private Copy? get_copy_at (uint position) {
    var row = selection.get_item (position) as Gtk.TreeListRow;

    return row != null ? row.item as Copy : null;
  }

  private void toggle_at (uint position) {
    var copy = get_copy_at (position);
    var row = selection.get_item (position) as Gtk.TreeListRow;

    if (copy != null)
      copy.selected = !copy.selected;
    else if (row != null)
      row.expanded = !row.expanded;
  }

  private bool press (uint key, Gdk.ModifierType modifiers) {
    var copy = get_copy_at (selection.selected);

    if (key == Gdk.Key.space && modifiers == 0)
      toggle_at (selection.selected);
    else if (key == Gdk.Key.Return && modifiers == Gdk.ModifierType.CONTROL_MASK && copy != null)
      show_folder (copy);
    else
      return false;
    return true;
  }

  public void focus_list () {
    list.grab_focus ();
  }
}

}
