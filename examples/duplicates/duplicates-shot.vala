/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

namespace Duplicates {

/* Saves a window once its search is over, says what was found, and closes it. */
public class Shot : Object {
  /* Sizes may change once more when the last group has come. */
  private const int FRAMES_TO_SETTLE = 15;

  private unowned Window window; /* which holds this, by its tick callback */
  private string path;
  private int n_complete = 0;

  public Shot (Window window, string path) {
    this.window = window;
    this.path = path;
    window.add_tick_callback (tick);
  }

  private bool tick () {
    n_complete = window.finder.busy ? 0 : n_complete + 1;
    if (n_complete == 1)
      window.activate_action_variant ("win.keep-oldest", null);
    if (n_complete < FRAMES_TO_SETTLE)
      return Source.CONTINUE;
    /* Between two frames. */
    Idle.add (save);
    return Source.REMOVE;
  }

  private bool save () {
    if (!save_window (window, path))
      printerr ("duplicates: cannot write %s\n", path);
    print ("%s; longest gap between two frames %.1f ms\n", window.describe (), window.meter.longest_ms);
    window.close ();
    return Source.REMOVE;
  }
}

public bool save_window (Gtk.Window window, string path) {
  var paintable = new Gtk.WidgetPaintable (window);
  var snapshot = new Gtk.Snapshot ();

  paintable.snapshot (snapshot, paintable.get_intrinsic_width (), paintable.get_intrinsic_height ());
  var node = snapshot.free_to_node ();
  return node != null && ((Gtk.Native) window).get_renderer ().render_texture (node, null).save_to_png (path);
}

}
