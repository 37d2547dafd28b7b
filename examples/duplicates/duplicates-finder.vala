/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

namespace Duplicates {

/* The host's side of a search: a list of groups that grows while the worker looks for them. */
public class Finder : Object {
  /* The eye sees no difference to at once. */
  private const uint SETTLE_MS = 50;

  public GLib.ListStore groups { get; private set; }
  public bool busy { get; private set; default = false; }
  public double progress { get; private set; }
  public string message { get; private set; default = ""; }
  public string? error_message { get; private set; }
  public bool was_cancelled { get; private set; }
  public Variant? summary { get; private set; } /* once all was looked at */

  public uint n_selected { get; private set; }
  public int64 n_regained { get; private set; }
  public int64 n_wasted { get; private set; }

  private Mpel.EventLoop loop = new Mpel.EventLoop ();
  private Mpel.Event? event = null;
  private uint settle_source = 0;
  private GenericArray<Object> arrived = new GenericArray<Object> (); /* and not in the list yet */

  construct {
    groups = new GLib.ListStore (typeof (Group));
    /* While a folder is chosen, the worker starts. */
    loop.prestart = true;
  }

  public async void search (File folder, int64 min_size, bool hidden) {
    Mpel.Event? event = null;

    cancel ();
    this.event = null;
    groups.remove_all ();
    arrived.length = 0;
    settle ();
    summary = null;
    error_message = null;
    was_cancelled = false;
    progress = 0;
    busy = true;
    try {
      var path = new Variant.bytestring (folder.get_path ());
      this.event = event = loop.add_stream (SEARCH_TARGET, new Variant.tuple ({ path, min_size, hidden }));
      event.notify["progress-message"].connect (() => tell_progress (event));
      yield take_groups (event);
      if (event == this.event)
        summary = event.results;
    } catch (IOError.CANCELLED error) {
      was_cancelled = event == this.event;
    } catch (Error error) {
      if (event == this.event)
        error_message = error.message;
    }
    if (event == this.event) {
      settle ();
      busy = false;
    }
  }

  /* Of an older search nothing is wanted any more. */
  private async void take_groups (Mpel.Event event) throws Error {
    Variant? value;

    while ((value = yield event.next ()) != null) {
      if (event != this.event)
        return;
      var group = new Group (value);
      group.selection_changed.connect (settle_later);
      arrived.add (group);
      settle_later ();
    }
  }

  private void tell_progress (Mpel.Event event) {
    if (event != this.event)
      return;
    progress = event.progress;
    message = event.progress_message ?? "";
  }

  public void cancel () {
    if (event != null)
      event.cancel ();
  }

  public async void close () {
    cancel ();
    event = null;
    if (settle_source != 0)
      Source.remove (settle_source);
    settle_source = 0;
    try {
      yield loop.close_async ();
    } catch (Error error) {
      warning ("%s", error.message);
    }
  }

  /* ---- What is selected ---- */

  public Group get_group (uint index) {
    return (Group) groups.get_item (index);
  }

  /* Each change of a sorted list moves what is visible: once for many that come together. */
  private void settle_later () {
    if (settle_source == 0)
      settle_source = Timeout.add (SETTLE_MS, () => {
        settle_source = 0;
        settle ();
        return Source.REMOVE;
      });
  }

  /* Lists what has come, and counts. */
  public void settle () {
    if (arrived.length > 0)
      groups.splice (groups.get_n_items (), 0, arrived.data);
    arrived.length = 0;
    count ();
  }

  private void count () {
    uint n = 0;
    int64 regained = 0, wasted = 0;

    for (uint i = 0; i < groups.get_n_items (); i++) {
      wasted += get_group (i).wasted;
      foreach (var copy in get_group (i).list_copies (true)) {
        n++;
        regained += copy.regained;
      }
    }
    n_wasted = wasted;
    n_regained = regained;
    n_selected = n;
  }

  public void select_but (bool oldest) {
    for (uint i = 0; i < groups.get_n_items (); i++)
      get_group (i).select_but (oldest);
  }

  public void select_none () {
    for (uint i = 0; i < groups.get_n_items (); i++)
      get_group (i).select_none ();
  }

  /* ---- The trash ---- */

  /* Moves what is selected, as far as something stays that is still the same. Returns what went wrong. */
  public async GenericArray<string> trash_selected () {
    var failures = new GenericArray<string> ();
    var all = new GenericArray<Group> ();

    for (uint i = 0; i < groups.get_n_items (); i++)
      all.add (get_group (i));
    foreach (var group in all) {
      if (group.list_copies (true).length > 0)
        yield trash_of_group (group, failures);
      drop_if_single (group);
    }
    settle ();
    return failures;
  }

  private async void trash_of_group (Group group, GenericArray<string> failures) {
    if (!yield has_survivor (group)) {
      failures.add ("%s: no copy that would stay is as it was".printf (group.get_copy (0).file.get_parse_name ()));
      return;
    }
    foreach (var copy in group.list_copies (true))
      try {
        if (!yield copy.is_unchanged ())
          throw new IOError.FAILED ("it has changed since");
        yield copy.file.trash_async ();
        group.remove (copy);
      } catch (Error error) {
        failures.add ("%s: %s".printf (copy.file.get_parse_name (), error.message));
      }
  }

  private async bool has_survivor (Group group) {
    foreach (var copy in group.list_copies (false))
      if (yield copy.is_unchanged ())
        return true;
    return false;
  }

  private void drop_if_single (Group group) {
    uint index = 0;

    if (group.n_copies < 2 && groups.find (group, out index))
      groups.remove (index);
  }
}

}
