/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

namespace Duplicates {

public class Application : Gtk.Application {
  private string? shot = null;

  public Application () {
    Object (application_id: "org.mpel.Duplicates", flags: ApplicationFlags.HANDLES_OPEN);
  }

  construct {
    OptionEntry[] entries = {
      { "screenshot", 0, 0, OptionArg.FILENAME, ref shot, "Save the window to FILE once it shows all, and quit", "FILE" },
      { null }
    };

    add_main_option_entries (entries);
    set_option_context_parameter_string ("[FOLDER…]");
  }

  public override void startup () {
    base.startup ();
    set_accels_for_action ("win.open", { "<Control>o" });
    set_accels_for_action ("win.again", { "F5" });
    set_accels_for_action ("win.stop", { "Escape" });
    set_accels_for_action ("win.keep-oldest", { "<Control>a" });
    set_accels_for_action ("win.select-none", { "<Control><Shift>a" });
    set_accels_for_action ("win.trash", { "Delete" });
    set_accels_for_action ("window.close", { "<Control>w", "<Control>q" });
  }

  /* Nobody but this process can save what it is told to. */
  public override int handle_local_options (VariantDict options) {
    if (shot != null)
      flags |= ApplicationFlags.NON_UNIQUE;
    return -1;
  }

  public override void activate () {
    new Window (this).present ();
  }

  public override void open (File[] files, string hint) {
    foreach (var file in files) {
      var window = new Window (this);
      window.present ();
      window.open (file);
      if (shot != null)
        new Shot (window, shot);
    }
  }
}

}
