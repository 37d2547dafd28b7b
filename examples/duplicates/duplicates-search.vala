/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the worker does: files of equal size are compared by their beginning, and those that begin
 * alike by a checksum of all. Largest first, and each group is told as soon as it is found. */

namespace Duplicates {

public const string SEARCH_TARGET = "search";

/* Enough to tell apart most files that have the same size, and read at once. */
private const size_t BEGINNING = 64 * 1024;
/* Between two looks at whether somebody has cancelled: some milliseconds. */
private const size_t CHUNK = 1024 * 1024;

private class Candidate {
  public string path;
  public int64 size;
  public int64 modified; /* µs */
  public uint links;
}

private class Search {
  public Walk walk { get; private set; }

  private Mpel.Invocation invocation;
  private Cancellable cancellable;
  private int64 n_bytes = 0; /* of files that some other one is as large as */
  private int64 n_compared = 0;
  private uint64 n_changed = 0;
  private uint8[] buffer = new uint8[CHUNK];

  public Search (Mpel.Invocation invocation, int64 min_size, bool hidden) {
    this.invocation = invocation;
    cancellable = invocation.get_cancellable ();
    walk = new Walk (min_size, hidden, cancellable);
    walk.folder_read.connect (() => invocation.report_progress (0, @"$(walk.n_files) files"));
  }

  /* Yields (size, checksum, [(path, modified, links)]), and returns what there is to tell. */
  public Variant run (string folder) throws Error {
    walk.read (File.new_for_path (folder));
    var sizes = walk.list_sizes ();
    foreach (var size in sizes)
      n_bytes += size * walk.of_size (size).length;
    foreach (var size in sizes)
      compare (size, walk.of_size (size));
    return describe ();
  }

  private void compare (int64 size, GenericArray<Candidate> candidates) throws Error {
    var goal = n_compared + size * candidates.length;

    foreach (var beginning in divide (candidates, BEGINNING))
      if (size <= BEGINNING)
        tell_group (beginning.checksum, beginning.files);
      else
        foreach (var whole in divide (beginning.files, int64.MAX))
          tell_group (whole.checksum, whole.files);
    n_compared = goal;
    report ();
  }

  private void tell_group (string checksum, GenericArray<Candidate> files) throws Error {
    var copies = new VariantBuilder (new VariantType ("a(ayxu)"));

    foreach (var file in files)
      copies.add_value (new Variant.tuple ({ new Variant.bytestring (file.path), file.modified, (uint32) file.links }));
    invocation.yield_value (new Variant.tuple ({ files[0].size, checksum, copies.end () }));
  }

  private void report () {
    var left = format_size (n_bytes - n_compared);

    invocation.report_progress (n_bytes > 0 ? (double) n_compared / n_bytes : 1, @"$left to compare");
  }

  private class Part {
    public string checksum;
    public GenericArray<Candidate> files = new GenericArray<Candidate> ();
  }

  /* Puts those together that have the same beginning, and leaves out who is alone. */
  private GenericArray<Part> divide (GenericArray<Candidate> candidates, int64 length) throws Error {
    var parts = new HashTable<string, Part> (str_hash, str_equal);
    var found = new GenericArray<Part> ();

    foreach (var candidate in candidates) {
      var checksum = try_compute (candidate, length);
      if (checksum == null)
        continue;
      var part = parts[checksum];
      if (part == null)
        parts[checksum] = part = new Part () { checksum = checksum };
      part.files.add (candidate);
      if (part.files.length == 2)
        found.add (part);
    }
    return found;
  }

  /* A file that cannot be read, or is written just now, is no copy of anything. */
  private string? try_compute (Candidate candidate, int64 length) throws IOError.CANCELLED {
    try {
      return compute (candidate, length);
    } catch (IOError.CANCELLED error) {
      throw error;
    } catch (IOError.NOT_FOUND error) {
      n_changed++;
      return null;
    } catch (Error error) {
      walk.unreadable.add (candidate.path);
      return null;
    }
  }

  private string? compute (Candidate candidate, int64 length) throws Error {
    var stream = File.new_for_path (candidate.path).read (cancellable);
    var checksum = new Checksum (ChecksumType.SHA256);
    int64 n_read = 0;

    while (n_read < length) {
      buffer.length = (int) int64.min (CHUNK, length - n_read);
      var n = stream.read (buffer, cancellable);
      if (n == 0)
        break;
      checksum.update (buffer, (size_t) n);
      n_read += n;
      if (length > BEGINNING) {
        n_compared += n;
        report ();
      }
    }

    var info = stream.query_info (Walk.STAMP, cancellable);
    if (info.get_size () != candidate.size || Walk.get_modified (info) != candidate.modified || n_read < int64.min (length, candidate.size)) {
      n_changed++;
      return null;
    }
    return checksum.get_string ();
  }

  private Variant describe () {
    var dict = new VariantDict ();

    dict.insert_value ("files", walk.n_files);
    dict.insert_value ("links", walk.n_links);
    dict.insert_value ("hard-links", walk.n_hard_links);
    dict.insert_value ("empty", walk.n_empty);
    dict.insert_value ("changed", n_changed);
    dict.insert_value ("unreadable", new Variant.bytestring_array (walk.unreadable.data));
    return dict.end ();
  }
}

/* The arguments: folder, least size, whether hidden files count. */
public Variant? search (Mpel.Invocation invocation, Variant args, Variant kwargs) throws Error {
  invocation.check_args ("(ayxb)");

  var hidden = args.get_child_value (2).get_boolean ();
  var min_size = args.get_child_value (1).get_int64 ();
  return new Search (invocation, min_size, hidden).run (args.get_child_value (0).get_bytestring ());
}

}
