/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

namespace Duplicates {

/* Shows the longest time between two frames: what the eye sees of a thread that is busy. */
public class Meter : Gtk.Box {
  public double longest_ms {
    get { return longest / 1000.0; }
  }

  private Gtk.Label label = new Gtk.Label (null);
  private int64 last = 0; /* µs; 0: no frame yet */
  private int64 longest = 0;
  private int64 shown = 0; /* when the label was last set */

  construct {
    label.add_css_class ("dim-label");
    label.add_css_class ("numeric");
    label.width_chars = 7;
    tooltip_text = "The longest time between two frames of this search";
    append (label);
    /* Of no object, or the meter would hold itself. */
    add_tick_callback (tick_cb);
  }

  private static bool tick_cb (Gtk.Widget meter, Gdk.FrameClock clock) {
    ((Meter) meter).tick ();
    return Source.CONTINUE;
  }

  /* The time of the clock, not the frame's own, which is smoothed. */
  private void tick () {
    var now = get_monotonic_time ();

    if (last != 0)
      longest = int64.max (longest, now - last);
    last = now;
    if (now - shown >= TimeSpan.SECOND / 5) {
      shown = now;
      label.label = "%.0f ms".printf (longest_ms);
    }
  }

  public void reset () {
    last = longest = 0;
  }
}

}
