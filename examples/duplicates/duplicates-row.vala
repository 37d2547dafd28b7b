/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

namespace Duplicates {

/* A line of the list: of a group, or of a copy below it. */
public class Row : Gtk.Box {
  public File? folder { get; set; } /* that paths are shown from */

  private Gtk.TreeExpander expander = new Gtk.TreeExpander ();
  private Gtk.CheckButton check = new Gtk.CheckButton ();
  private Gtk.Label name_label = new Gtk.Label (null);
  private Gtk.Label detail = new Gtk.Label (null);
  private Gtk.Label figure = new Gtk.Label (null);
  private Gtk.Button show_button = new Gtk.Button.from_icon_name ("folder-open-symbolic");
  private Object? item = null;
  private Group? group = null; /* that it belongs to, also once the list has dropped it */
  private ulong handler = 0;

  /* The folder of a file is to be shown. */
  public signal void show_folder (Copy copy);

  construct {
    var line = new Gtk.Box (Gtk.Orientation.HORIZONTAL, 8);

    name_label.xalign = 0;
    name_label.hexpand = true;
    name_label.ellipsize = Pango.EllipsizeMode.MIDDLE;
    /* To set the text of each would ask the display where the pointer is, and wait. */
    name_label.has_tooltip = true;
    name_label.query_tooltip.connect ((x, y, by_key, tooltip) => tell_tooltip (tooltip));
    detail.add_css_class ("dim-label");
    figure.add_css_class ("numeric");
    figure.xalign = 1;
    check.tooltip_text = "Move this copy to the trash (Space)";
    check.focusable = false;
    check.toggled.connect (toggle);
    show_button.add_css_class ("flat");
    show_button.tooltip_text = "Show its folder (Ctrl+Enter)";
    show_button.focusable = false;
    show_button.clicked.connect (() => show_folder ((Copy) item));

    line.height_request = 34;
    line.margin_end = 6;
    line.append (check);
    line.append (name_label);
    line.append (detail);
    line.append (figure);
    line.append (show_button);
    expander.child = line;
    expander.hexpand = true;
    append (expander);
  }

  public void bind (Gtk.TreeListRow row) {
    expander.list_row = row;
    item = row.item;
    var copy = item as Copy;
    group = copy != null ? copy.group : (Group) item;
    check.visible = show_button.visible = copy != null;
    if (copy != null)
      bind_copy (copy);
    else
      bind_group ();
  }

  public void unbind () {
    if (handler != 0)
      group.disconnect (handler);
    handler = 0;
    item = group = null;
    expander.list_row = null;
  }

  private bool tell_tooltip (Gtk.Tooltip tooltip) {
    var copy = item as Copy;

    if (group == null)
      return false;
    tooltip.set_text (copy != null ? copy.file.get_parse_name () : "SHA-256 " + group.checksum);
    return true;
  }

  private void bind_group () {
    name_label.add_css_class ("heading");
    handler = group.notify["wasted"].connect (tell_group);
    tell_group ();
  }

  private void tell_group () {
    if (group.n_copies == 0)
      return;
    name_label.label = Filename.display_basename (group.get_copy (0).file.get_path ());
    detail.label = "%u × %s".printf (group.n_copies, format_size (group.size));
    figure.label = "%s wasted".printf (format_size (group.wasted));
  }

  private void bind_copy (Copy copy) {
    var path = folder != null ? folder.get_relative_path (copy.file) : null;

    name_label.remove_css_class ("heading");
    name_label.label = Filename.display_name (path ?? copy.file.get_path ());
    detail.label = copy.links > 1 ? "has %u names".printf (copy.links) : "";
    figure.label = new DateTime.from_unix_local (copy.modified / TimeSpan.SECOND).format ("%Y-%m-%d %H:%M");
    handler = group.selection_changed.connect (tell_selected);
    tell_selected ();
  }

  private void tell_selected () {
    var copy = (Copy) item;

    check.active = copy.selected;
    /* The last one stays, which the box says. */
    check.sensitive = copy.selected || group.count_kept () > 1;
  }

  private void toggle () {
    var copy = item as Copy;

    if (copy == null)
      return;
    copy.selected = check.active;
    check.active = copy.selected;
  }
}

}
