/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

namespace Duplicates {

/* One of several files with the same content. */
public class Copy : Object {
  public unowned Group group { get; construct; } /* which has it */
  public File file { get; construct; }
  public int64 modified { get; construct; } /* µs */
  public uint links { get; construct; }

  private bool _selected = false;
  /* Not of the last one: something has to stay. */
  public bool selected {
    get { return _selected; }
    set {
      if (value == _selected || (value && group.count_kept () < 2))
        return;
      _selected = value;
      group.selection_changed ();
    }
  }

  public Copy (Group group, File file, int64 modified, uint links) {
    Object (group: group, file: file, modified: modified, links: links);
  }

  /* A file that has another name stays on the disk. */
  public int64 regained {
    get { return links > 1 ? 0 : group.size; }
  }

  /* Is it still what was compared? */
  public async bool is_unchanged () {
    try {
      var info = yield file.query_info_async (Walk.STAMP, FileQueryInfoFlags.NOFOLLOW_SYMLINKS);
      return info.get_size () == group.size && Walk.get_modified (info) == modified;
    } catch (Error error) {
      return false;
    }
  }
}

/* Files with the same content. */
public class Group : Object {
  public int64 size { get; construct; }
  public string checksum { get; construct; }
  public GLib.ListStore copies { get; private set; }

  public signal void selection_changed ();

  construct {
    copies = new GLib.ListStore (typeof (Copy));
  }

  /* From what the worker yields. */
  public Group (Variant value) {
    Object (size: value.get_child_value (0).get_int64 (), checksum: value.get_child_value (1).get_string ());

    foreach (var copy in value.get_child_value (2)) {
      var file = File.new_for_path (copy.get_child_value (0).get_bytestring ());
      copies.append (new Copy (this, file, copy.get_child_value (1).get_int64 (), copy.get_child_value (2).get_uint32 ()));
    }
  }

  public uint n_copies {
    get { return copies.get_n_items (); }
  }

  public int64 wasted {
    get { return size * (n_copies - 1); }
  }

  public Copy get_copy (uint index) {
    return (Copy) copies.get_item (index);
  }

  public uint count_kept () {
    uint n = 0;

    for (uint i = 0; i < n_copies; i++)
      if (!get_copy (i).selected)
        n++;
    return n;
  }

  public void select_none () {
    for (uint i = 0; i < n_copies; i++)
      get_copy (i).selected = false;
  }

  /* All but the one that was changed first, or last. */
  public void select_but (bool oldest) {
    var kept = get_copy (0);

    select_none ();
    for (uint i = 1; i < n_copies; i++)
      if ((get_copy (i).modified < kept.modified) == oldest && get_copy (i).modified != kept.modified)
        kept = get_copy (i);
    for (uint i = 0; i < n_copies; i++)
      if (get_copy (i) != kept)
        get_copy (i).selected = true;
  }

  public GenericArray<Copy> list_copies (bool selected) {
    var found = new GenericArray<Copy> ();

    for (uint i = 0; i < n_copies; i++)
      if (get_copy (i).selected == selected)
        found.add (get_copy (i));
    return found;
  }

  public void remove (Copy copy) {
    uint index;

    if (copies.find (copy, out index))
      copies.remove (index);
    notify_property ("wasted");
    selection_changed ();
  }
}

}
