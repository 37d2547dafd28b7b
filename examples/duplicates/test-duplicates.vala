/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Drives the window as a person does, over trees that are made for it. */

namespace TestDuplicates {

private string home; /* where all trees are, and the trash */
private Duplicates.Application application;

/* ---- Trees ---- */

private string write (string folder, string name, string text, int64 age = 0) throws Error {
  var path = Path.build_filename (folder, name);
  var file = File.new_for_path (path);

  DirUtils.create_with_parents (Path.get_dirname (path), 0700);
  FileUtils.set_contents (path, text);
  file.set_attribute_uint64 ("time::modified", 1700000000 - age, FileQueryInfoFlags.NONE);
  return path;
}

private string make_text (string end) {
  return string.nfill (100 * 1000, 'x') + end;
}

/* Two groups, and all that is none. */
private string make_tree () throws Error {
  var folder = DirUtils.mkdtemp (Path.build_filename (home, "XXXXXX"));
  var large = make_text ("large");

  write (folder, "large-old", large, 20);
  write (folder, "sub/large-middle", large, 10);
  write (folder, "sub/deep/large-new", large);
  write (folder, "other-end", make_text ("Large"));
  write (folder, "other-beginning", "Y" + large.substring (1));
  write (folder, "small", "same");
  write (folder, "sub/small", "same");
  write (folder, "sub/small-other", "SAME");
  write (folder, ".hidden/small", "same");
  write (folder, "empty-1", "");
  write (folder, "empty-2", "");
  Posix.link (Path.build_filename (folder, "small"), Path.build_filename (folder, "small-linked"));
  FileUtils.symlink ("large-old", Path.build_filename (folder, "link"));
  FileUtils.symlink ("..", Path.build_filename (folder, "sub", "up"));
  return folder;
}

/* Comparing these takes as long as anybody likes. */
private string make_endless_tree () throws Error {
  var folder = DirUtils.mkdtemp (Path.build_filename (home, "XXXXXX"));

  foreach (unowned var name in new string[] { "a", "b" }) {
    var fd = Posix.open (Path.build_filename (folder, name), Posix.O_CREAT | Posix.O_WRONLY, 0600);
    assert_true (Posix.ftruncate (fd, (Posix.off_t) 1 << 36) == 0);
    Posix.close (fd);
  }
  return folder;
}

private void remove_tree (File file) throws Error {
  if (file.query_file_type (FileQueryInfoFlags.NOFOLLOW_SYMLINKS) == FileType.DIRECTORY) {
    FileUtils.chmod (file.get_path (), 0700);
    var children = file.enumerate_children ("standard::name", FileQueryInfoFlags.NOFOLLOW_SYMLINKS);
    for (var info = children.next_file (); info != null; info = children.next_file ())
      remove_tree (children.get_child (info));
  }
  file.delete ();
}

/* ---- What the window does ---- */

private delegate bool Condition ();

private void wait_until (Condition condition) {
  while (!condition ())
    MainContext.default ().iteration (true);
}

private void act (Duplicates.Window window, string action) {
  assert_true (window.activate_action_variant ("win." + action, null));
}

private void search (Duplicates.Window window, string folder) {
  window.open (File.new_for_path (folder));
  assert_true (window.finder.busy);
  wait_until (() => !window.finder.busy);
  window.finder.settle ();
}

/* The names of the copies, by group; largest first. */
private string list (Duplicates.Window window, string folder) {
  string[] groups = {};
  var root = File.new_for_path (folder);

  for (uint i = 0; i < window.finder.groups.get_n_items (); i++) {
    var names = new GenericArray<string> ();
    for (uint j = 0; j < window.finder.get_group (i).n_copies; j++)
      names.add (root.get_relative_path (window.finder.get_group (i).get_copy (j).file));
    names.sort (strcmp);
    groups += string.joinv (" ", names.data);
  }
  return string.joinv (", ", groups);
}

private void assert_list (Duplicates.Window window, string folder, string expected) {
  assert_cmpstr (list (window, folder), CompareOperator.EQ, expected);
}

private bool exists (string folder, string name) {
  return FileUtils.test (Path.build_filename (folder, name), FileTest.EXISTS);
}

private Gtk.Dialog? find_dialog () {
  var toplevels = Gtk.Window.get_toplevels ();

  for (uint i = 0; i < toplevels.get_n_items (); i++)
    if (toplevels.get_item (i) is Gtk.MessageDialog)
      return (Gtk.Dialog) toplevels.get_item (i);
  return null;
}

/* Answers the question, and returns what is told afterwards. */
private string trash (Duplicates.Window window, Gtk.ResponseType answer) {
  string? text = null;
  var handler = window.told.connect ((its_text) => text = its_text);

  wait_until (() => window.lookup_action ("trash").get_enabled ());
  act (window, "trash");
  find_dialog ().response (answer);
  assert_null (find_dialog ());
  if (answer == Gtk.ResponseType.ACCEPT)
    wait_until (() => text != null);
  window.disconnect (handler);
  if (find_dialog () != null)
    find_dialog ().response (Gtk.ResponseType.CLOSE);
  return text ?? "nothing";
}

private Gtk.ListView? find_list (Gtk.Widget widget) {
  if (widget is Gtk.ListView)
    return (Gtk.ListView) widget;
  for (var child = widget.get_first_child (); child != null; child = child.get_next_sibling ()) {
    var found = find_list (child);
    if (found != null)
      return found;
  }
  return null;
}

/* On the row that is selected; returns whether somebody wanted it. */
private bool press (Gtk.ListView list, uint key, Gdk.ModifierType modifiers = 0) {
  var controllers = list.observe_controllers ();
  var taken = false;

  for (uint i = 0; i < controllers.get_n_items () && !taken; i++)
    if (controllers.get_item (i) is Gtk.EventControllerKey)
      Signal.emit_by_name (controllers.get_item (i), "key-pressed", key, 0u, modifiers, out taken);
  return taken;
}

/* ---- Stories ---- */

private void found (Duplicates.Window window, string folder) throws Error {
  var locked = Path.build_filename (folder, "locked");

  DirUtils.create (locked, 0);
  search (window, folder);
  assert_list (window, folder, "large-old sub/deep/large-new sub/large-middle, small sub/small");
  assert_true (window.finder.n_wasted == 2 * 100005 + 4);
  /* Nothing is locked to who may do anything. */
  var unreadable = Posix.geteuid () == 0 ? "" : "1 unreadable, ";
  assert_cmpstr (window.describe_rest (), CompareOperator.EQ, @" ($(unreadable)2 links not followed, 1 hard link, 2 empty)");
}

/* One copy of each stays, whoever selects. */
private void selecting (Duplicates.Window window, string folder) throws Error {
  search (window, folder);
  var large = window.finder.get_group (0);
  for (uint i = 0; i < large.n_copies; i++)
    large.get_copy (i).selected = true;
  assert_true (large.count_kept () == 1);

  act (window, "keep-newest");
  foreach (var copy in large.list_copies (false))
    assert_cmpstr (copy.file.get_basename (), CompareOperator.EQ, "large-new");
  act (window, "keep-oldest");
  foreach (var copy in large.list_copies (false))
    assert_cmpstr (copy.file.get_basename (), CompareOperator.EQ, "large-old");
  window.finder.settle ();
  assert_cmpuint (window.finder.n_selected, CompareOperator.EQ, 3);

  act (window, "select-none");
  var small = window.finder.get_group (1);
  for (uint i = 0; i < small.n_copies; i++)
    small.get_copy (i).selected = small.get_copy (i).links > 1;
  window.finder.settle ();
  assert_true (window.finder.n_selected == 1 && window.finder.n_regained == 0);
}

private void keys (Duplicates.Window window, string folder) throws Error {
  search (window, folder);
  var list = find_list (window);
  var model = (Gtk.SingleSelection) list.model;
  var large = window.finder.get_group (0);

  wait_until (() => model.get_n_items () == 2 + 3 + 2);
  model.selected = 1;
  assert_true (press (list, Gdk.Key.space) && large.get_copy (0).selected);
  assert_true (press (list, Gdk.Key.space) && !large.get_copy (0).selected);
  list.activate (2);
  assert_true (large.get_copy (1).selected && large.count_kept () == 2);
  assert_false (press (list, Gdk.Key.space, Gdk.ModifierType.CONTROL_MASK));

  /* Of a group they fold it. */
  model.selected = 0;
  assert_true (press (list, Gdk.Key.space) && model.get_n_items () == 2 + 2);
  foreach (unowned var action in new string[] { "open", "again", "stop", "keep-oldest", "select-none", "trash" })
    assert_true (application.get_accels_for_action ("win." + action).length > 0);
}

private void trashing (Duplicates.Window window, string folder) throws Error {
  search (window, folder);
  act (window, "keep-oldest");
  trash (window, Gtk.ResponseType.CANCEL);
  assert_true (exists (folder, "sub/large-middle"));
  assert_cmpstr (trash (window, Gtk.ResponseType.ACCEPT), CompareOperator.EQ, "trashed");
  assert_true (exists (folder, "large-old") && !exists (folder, "sub/large-middle") && !exists (folder, "sub/deep/large-new"));
  assert_true (exists (folder, "small") != exists (folder, "sub/small"));
  assert_true (exists (home, ".local/share/Trash/files/large-new"));
  assert_list (window, folder, "");
}

/* What has changed since is not moved; nor is anything without one that stays. */
private void trashing_changed (Duplicates.Window window, string folder) throws Error {
  search (window, folder);
  act (window, "keep-oldest");
  write (folder, "sub/large-middle", make_text ("LARGE"));
  foreach (var copy in window.finder.get_group (1).list_copies (false))
    copy.file.delete ();
  var text = trash (window, Gtk.ResponseType.ACCEPT);
  assert_true ("changed since" in text && "no copy that would stay" in text);
  assert_true (exists (folder, "sub/large-middle") && exists (folder, "large-old") && !exists (folder, "sub/deep/large-new"));
  assert_true (exists (folder, "small") != exists (folder, "sub/small"));
}

private void filters (Duplicates.Window window, string folder) throws Error {
  search (window, folder);
  window.filter.hidden = true;
  window.filter.changed ();
  wait_until (() => !window.finder.busy);
  assert_list (window, folder, "large-old sub/deep/large-new sub/large-middle, .hidden/small small sub/small");
  window.filter.min_size = 1000;
  window.filter.changed ();
  wait_until (() => !window.finder.busy);
  assert_list (window, folder, "large-old sub/deep/large-new sub/large-middle");
}

/* It is written to while it is read: see run_worker. */
private void changing (Duplicates.Window window, string folder) throws Error {
  write (folder, "written", "nothing like it");
  write (folder, "written-too", "nothing like it");
  search (window, folder);
  assert_list (window, folder, "large-old sub/deep/large-new sub/large-middle, small sub/small");
  assert_true ("1 changed meanwhile" in window.describe_rest ());
}

private void stopping (Duplicates.Window window, string folder) throws Error {
  var endless = make_endless_tree ();

  window.open (File.new_for_path (endless));
  wait_until (() => window.finder.progress > 0);
  act (window, "stop");
  wait_until (() => !window.finder.busy);
  assert_true (window.finder.was_cancelled);

  /* A new search stops the one before. */
  window.open (File.new_for_path (endless));
  wait_until (() => window.finder.progress > 0);
  search (window, folder);
  assert_true (!window.finder.was_cancelled && window.finder.groups.get_n_items () == 2);
  window.open (File.new_for_path (endless));
  wait_until (() => window.finder.progress > 0); /* it is closed now */
}

private void missing (Duplicates.Window window, string folder) throws Error {
  search (window, Path.build_filename (folder, "missing"));
  assert_nonnull (window.finder.error_message);
  assert_null (window.finder.summary);
}

/* ---- Running them ---- */

private delegate void Story (Duplicates.Window window, string folder) throws Error;

/* The processes that this one started and that are not reaped, from whatever thread. */
private string children () throws Error {
  var text = new StringBuilder ();
  var tasks = Dir.open ("/proc/self/task");

  for (var name = tasks.read_name (); name != null; name = tasks.read_name ()) {
    string pids;
    FileUtils.get_contents (@"/proc/self/task/$name/children", out pids);
    text.append (pids);
  }
  return text.str.strip ();
}

/* Gives a story a window and a tree. Nothing may be left of the former. */
private void tell (Story story) throws Error {
  Duplicates.Window? window = new Duplicates.Window (application);
  var weak = WeakRef (window);

  window.present ();
  story (window, make_tree ());
  assert_cmpstr (children (), CompareOperator.NE, "");
  window.close ();
  window = null;
  wait_until (() => application.get_windows () == null);
  while (MainContext.default ().iteration (false));
  assert_null (weak.get ());
  assert_cmpstr (children (), CompareOperator.EQ, "");
}

private void add_story (string name, owned Story story) {
  Test.add_data_func ("/duplicates/" + name, () => {
    try {
      tell (story);
    } catch (Error error) {
      assert_no_error (error);
    }
  });
}

private int run_tests (string[] args) throws Error {
  unowned string[] rest = args;

  Test.init (ref rest);
  home = DirUtils.make_tmp ("duplicates-XXXXXX");
  Environment.set_variable ("HOME", home, true);
  Environment.unset_variable ("XDG_DATA_HOME");
  application = new Duplicates.Application ();
  application.register ();

  add_story ("found", found);
  add_story ("selecting", selecting);
  add_story ("keys", keys);
  add_story ("trashing", trashing);
  add_story ("trashing-changed", trashing_changed);
  add_story ("filters", filters);
  add_story ("changing", changing);
  add_story ("stopping", stopping);
  add_story ("missing", missing);
  var status = Test.run ();
  remove_tree (File.new_for_path (home));
  return status;
}

/* Once the folder itself is read. */
private void write_again (string folder) {
  try {
    if (exists (folder, "written"))
      write (folder, "written", "SOMETHING ELSE?", 5);
  } catch (Error error) {
    assert_no_error (error);
  }
}

private Variant? search_and_write (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  var folder = args.get_child_value (0).get_bytestring ();
  var search = new Duplicates.Search (invocation, args.get_child_value (1).get_int64 (), args.get_child_value (2).get_boolean ());

  search.walk.folder_read.connect (() => write_again (folder));
  return search.run (folder);
}

public static int main (string[] args) {
  unowned var worker = Mpel.Worker.get_default ();

  if (worker != null) {
    worker.add_function (Duplicates.SEARCH_TARGET, search_and_write);
    return worker.run ();
  }
  try {
    return run_tests (args);
  } catch (Error error) {
    printerr ("%s\n", error.message);
    return 1;
  }
}

}
