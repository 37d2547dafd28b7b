/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

namespace Duplicates {

/* OPEN → CLOSING → destroyed. While it is closing it is hidden, and waits for its worker. */
public class Window : Gtk.ApplicationWindow {
  public Finder finder { get; private set; default = new Finder (); }
  public Meter meter { get; private set; default = new Meter (); }
  public Filter filter { get; private set; default = new Filter (); }

  private View view;
  private File? folder = null;
  private Gtk.FileChooserNative? chooser = null; /* while it is shown */
  private bool closing = false;
  private Gtk.Label title_label = new Gtk.Label ("Duplicates");
  private Gtk.Label subtitle = new Gtk.Label (null);
  private Gtk.Label empty = new Gtk.Label (null);
  private Gtk.Stack stack = new Gtk.Stack ();
  private Gtk.ProgressBar bar = new Gtk.ProgressBar ();
  private Gtk.Label selected_label = new Gtk.Label (null);
  private Gtk.Button stop_button = new Gtk.Button.from_icon_name ("process-stop-symbolic");

  /* Something is to be told; tests listen. */
  public signal void told (string text);

  private const ActionEntry[] ACTIONS = {
    { "open", choose_folder },
    { "again", search_again },
    { "stop", stop },
    { "keep-oldest", keep_oldest },
    { "keep-newest", keep_newest },
    { "select-none", select_none },
    { "trash", trash },
  };

  public Window (Gtk.Application application) {
    Object (application: application);
  }

  construct {
    add_action_entries (ACTIONS, this);
    view = new View (finder);
    view.show_folder.connect (show_folder);
    add_tick_callback (tick_cb);
    filter.changed.connect (search_again);

    set_titlebar (new_header ());
    child = new_content ();
    set_default_size (860, 640);
    update ();
  }

  /* ---- What it is made of ---- */

  private Gtk.Button new_button (string icon, string action, string tooltip) {
    return new Gtk.Button.from_icon_name (icon) { action_name = action, tooltip_text = tooltip };
  }

  private Gtk.HeaderBar new_header () {
    var header = new Gtk.HeaderBar ();
    var titles = new Gtk.Box (Gtk.Orientation.VERTICAL, 0) { valign = Gtk.Align.CENTER };

    title_label.add_css_class ("title");
    subtitle.add_css_class ("subtitle");
    foreach (var label in new Gtk.Label[] { title_label, subtitle })
      label.ellipsize = Pango.EllipsizeMode.END;
    subtitle.has_tooltip = true;
    subtitle.query_tooltip.connect ((x, y, by_key, tooltip) => {
      tooltip.set_text (list_unreadable ());
      return list_unreadable () != null;
    });
    titles.append (title_label);
    titles.append (subtitle);
    stop_button.action_name = "win.stop";
    stop_button.tooltip_text = "Stop (Escape)";
    header.pack_start (new_button ("folder-open-symbolic", "win.open", "Open a folder (Ctrl+O)"));
    header.pack_start (new_button ("view-refresh-symbolic", "win.again", "Search again (F5)"));
    header.pack_start (stop_button);
    header.title_widget = titles;
    header.pack_end (filter.new_button ());
    header.pack_end (meter);
    return header;
  }

  private Gtk.Widget new_selection_bar () {
    var action_bar = new Gtk.ActionBar ();
    var menu = new Menu ();
    var trash_button = new Gtk.Button.with_mnemonic ("Move to _Trash…") { action_name = "win.trash" };

    menu.append ("All but the _oldest of each", "win.keep-oldest");
    menu.append ("All but the _newest of each", "win.keep-newest");
    menu.append ("N_one", "win.select-none");
    trash_button.tooltip_text = "Delete";
    trash_button.add_css_class ("destructive-action");
    action_bar.pack_start (new Gtk.MenuButton () { label = "_Select", use_underline = true, menu_model = menu, direction = Gtk.ArrowType.UP });
    action_bar.pack_start (selected_label);
    action_bar.pack_end (trash_button);
    return action_bar;
  }

  private Gtk.Widget new_content () {
    var box = new Gtk.Box (Gtk.Orientation.VERTICAL, 0);
    var overlay = new Gtk.Overlay ();

    bar.valign = Gtk.Align.START;
    overlay.child = stack;
    overlay.add_overlay (bar);
    empty.justify = Gtk.Justification.CENTER;
    empty.wrap = true;
    empty.add_css_class ("dim-label");
    stack.add_named (empty, "empty");
    stack.add_named (view, "list");
    box.append (overlay);
    box.append (new_selection_bar ());
    return box;
  }

  /* ---- What is told ---- */

  private string plural (uint64 n, string one, string many) {
    return @"$n $(n == 1 ? one : many)";
  }

  private uint64 count_of (string key) {
    uint64 n = 0;

    finder.summary.lookup (key, "t", out n);
    return n;
  }

  /* What was not compared, and why. */
  public string describe_rest () {
    string[] words = {};
    var unreadable = finder.summary.lookup_value ("unreadable", VariantType.BYTESTRING_ARRAY).n_children ();

    if (unreadable > 0)
      words += "%s unreadable".printf (unreadable.to_string ());
    if (count_of ("changed") > 0)
      words += "%s changed meanwhile".printf (count_of ("changed").to_string ());
    if (count_of ("links") > 0)
      words += plural (count_of ("links"), "link not followed", "links not followed");
    if (count_of ("hard-links") > 0)
      words += plural (count_of ("hard-links"), "hard link", "hard links");
    if (count_of ("empty") > 0)
      words += "%s empty".printf (count_of ("empty").to_string ());
    return words.length > 0 ? " (" + string.joinv (", ", words) + ")" : "";
  }

  public string describe () {
    var groups = plural (finder.groups.get_n_items (), "group", "groups");
    var found = "%s, %s wasted".printf (groups, format_size (finder.n_wasted));

    if (finder.busy)
      return "%s — %s".printf (found, finder.message);
    if (finder.error_message != null)
      return finder.error_message;
    if (finder.summary != null)
      return "%s — %s%s".printf (found, plural (count_of ("files"), "file", "files"), describe_rest ());
    return finder.was_cancelled ? found + " — stopped" : "";
  }

  private string? list_unreadable () {
    if (finder.summary == null)
      return null;
    var paths = finder.summary.lookup_value ("unreadable", VariantType.BYTESTRING_ARRAY).dup_bytestring_array ();
    if (paths.length == 0)
      return null;
    var text = new StringBuilder ("Cannot be read:");
    foreach (unowned var path in paths[0:int.min (paths.length, 20)])
      text.append ("\n" + Filename.display_name (path));
    return text.str;
  }

  private string describe_emptiness () {
    if (folder == null)
      return "Open a folder to look for files that are there more than once\nCtrl+O";
    if (finder.busy)
      return "Looking…";
    return finder.error_message ?? (finder.was_cancelled ? "Stopped" : "No duplicates");
  }

  /* Once a frame, however often something changes; labels that do not change cost nothing. */
  private static bool tick_cb (Gtk.Widget window, Gdk.FrameClock clock) {
    ((Window) window).update ();
    return Source.CONTINUE;
  }

  private void update () {
    var some = finder.n_selected > 0;

    subtitle.label = describe ();
    empty.label = describe_emptiness ();
    stack.visible_child_name = finder.groups.get_n_items () > 0 ? "list" : "empty";
    stop_button.visible = finder.busy;
    bar.fraction = finder.progress;
    bar.visible = finder.busy;
    selected_label.label = !some ? "" : "%s selected, %s to regain".printf (
      plural (finder.n_selected, "copy", "copies"), format_size (finder.n_regained));
    ((SimpleAction) lookup_action ("trash")).set_enabled (some && !finder.busy);
    ((SimpleAction) lookup_action ("again")).set_enabled (folder != null);
  }

  /* ---- Actions ---- */

  public void open (File folder) {
    this.folder = folder;
    view.folder = folder;
    title = title_label.label = Filename.display_basename (folder.get_path ());
    search_again ();
  }

  private void search_again () {
    if (folder == null)
      return;
    meter.reset ();
    finder.search.begin (folder, filter.min_size, filter.hidden);
    view.focus_list ();
  }

  private void choose_folder () {
    chooser = new Gtk.FileChooserNative ("Open Folder", this, Gtk.FileChooserAction.SELECT_FOLDER, "_Open", "_Cancel");
    chooser.modal = true;
    chooser.response.connect ((response) => {
      if (response == Gtk.ResponseType.ACCEPT && !closing)
        open (chooser.get_file ());
      chooser.destroy ();
      chooser = null;
    });
    chooser.show ();
  }

  private void stop () {
    finder.cancel ();
  }

  private void keep_oldest () {
    finder.select_but (true);
  }

  private void keep_newest () {
    finder.select_but (false);
  }

  private void select_none () {
    finder.select_none ();
  }

  private void show_folder (Copy copy) {
    Gtk.show_uri (this, copy.file.get_parent ().get_uri (), Gdk.CURRENT_TIME);
  }

  private Gtk.MessageDialog new_dialog (Gtk.MessageType type, Gtk.ButtonsType buttons, string text, string secondary) {
    return new Gtk.MessageDialog (this, Gtk.DialogFlags.MODAL | Gtk.DialogFlags.DESTROY_WITH_PARENT, type, buttons, "%s", text) {
      secondary_text = secondary
    };
  }

  private void trash () {
    finder.settle ();
    var copies = plural (finder.n_selected, "copy", "copies");
    var dialog = new_dialog (
      Gtk.MessageType.QUESTION, Gtk.ButtonsType.CANCEL, @"Move $copies to the trash?",
      "%s are regained once it is emptied. At least one copy of each file stays.".printf (format_size (finder.n_regained)));

    dialog.add_button ("Move to _Trash", Gtk.ResponseType.ACCEPT).add_css_class ("destructive-action");
    dialog.set_default_response (Gtk.ResponseType.CANCEL);
    dialog.response.connect ((asked, response) => {
      asked.destroy ();
      if (response == Gtk.ResponseType.ACCEPT)
        trash_selected.begin ();
    });
    dialog.present ();
  }

  private async void trash_selected () {
    var failures = yield finder.trash_selected ();

    if (failures.length > 0 && !closing) {
      var dialog = new_dialog (Gtk.MessageType.WARNING, Gtk.ButtonsType.CLOSE, "Not all could be moved", string.joinv ("\n", failures.data));
      dialog.response.connect ((read, response) => read.destroy ());
      dialog.present ();
    }
    told (failures.length > 0 ? string.joinv ("\n", failures.data) : "trashed");
  }

  /* ---- Life ---- */

  /* The worker ends first; what it looks for is not wanted any more. */
  public override bool close_request () {
    if (!closing) {
      closing = true;
      visible = false;
      finder.close.begin ((source, result) => {
        finder.close.end (result);
        destroy ();
      });
    }
    return true;
  }
}

}
