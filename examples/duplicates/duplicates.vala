/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Finds files of a tree that are there more than once, and moves copies to the trash. A worker, which is
 * this program started again, reads and compares the files; groups come into the list as they are found. */

namespace Duplicates {

/* A worker has no use for a display, so which of the two this is comes before all of GTK. */
public static int main (string[] args) {
  unowned var worker = Mpel.Worker.get_default ();

  if (worker == null)
    return new Application ().run (args);
  worker.add_function (SEARCH_TARGET, search);
  return worker.run ();
}

}
