/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

namespace Duplicates {

/* Reads a tree of folders, in the worker, and puts files of equal size together. What is not followed or
 * cannot be read is counted. */
private class Walk {
  public const string STAMP = "standard::size,time::modified,time::modified-usec";
  private const string ATTRIBUTES = "standard::name,standard::type,standard::is-hidden,unix::device,unix::inode,unix::nlink," + STAMP;

  public uint64 n_files = 0;
  public uint64 n_links = 0;
  public uint64 n_hard_links = 0; /* further names of a file that was seen */
  public uint64 n_empty = 0;
  public GenericArray<string> unreadable = new GenericArray<string> ();

  private int64 min_size;
  private bool hidden;
  private Cancellable cancellable;
  private HashTable<int64?, GenericArray<Candidate>> sizes = new HashTable<int64?, GenericArray<Candidate>> (int64_hash, int64_equal);
  private GenericSet<string> inodes = new GenericSet<string> (str_hash, str_equal);

  public signal void folder_read ();

  public Walk (int64 min_size, bool hidden, Cancellable cancellable) {
    this.min_size = min_size;
    this.hidden = hidden;
    this.cancellable = cancellable;
  }

  public static int64 get_modified (FileInfo info) {
    return info.get_modification_date_time ().to_unix () * TimeSpan.SECOND + info.get_attribute_uint32 ("time::modified-usec");
  }

  /* Not by recursion: the tree may be deeper than the stack. */
  public void read (File root) throws Error {
    var folders = new Queue<File> ();

    /* The folder that was asked for has to be there; those below may come and go. */
    root.enumerate_children (ATTRIBUTES, FileQueryInfoFlags.NOFOLLOW_SYMLINKS, cancellable);
    folders.push_tail (root);
    while (!folders.is_empty ()) {
      var folder = folders.pop_head ();
      try {
        read_folder (folder, folders);
      } catch (IOError.CANCELLED error) {
        throw error;
      } catch (Error error) {
        unreadable.add (folder.get_path ());
      }
      folder_read ();
    }
  }

  private void read_folder (File folder, Queue<File> folders) throws Error {
    var children = folder.enumerate_children (ATTRIBUTES, FileQueryInfoFlags.NOFOLLOW_SYMLINKS, cancellable);

    for (var info = children.next_file (cancellable); info != null; info = children.next_file (cancellable)) {
      if (info.get_is_hidden () && !hidden)
        continue;
      var type = info.get_file_type ();
      if (type == FileType.DIRECTORY)
        folders.push_tail (children.get_child (info));
      else if (type == FileType.SYMBOLIC_LINK)
        n_links++;
      else if (type == FileType.REGULAR)
        add_file (children.get_child (info).get_path (), info);
    }
  }

  /* The same file under another name wastes nothing. */
  private bool is_known (FileInfo info) {
    var inode = "%u:%s".printf (info.get_attribute_uint32 ("unix::device"), info.get_attribute_uint64 ("unix::inode").to_string ());
    var known = inode in inodes;

    inodes.add (inode);
    return known;
  }

  private void add_file (string path, FileInfo info) {
    var size = info.get_size ();
    var links = info.get_attribute_uint32 ("unix::nlink");

    n_files++;
    if (size == 0)
      n_empty++;
    if (size == 0 || size < min_size)
      return;
    if (links > 1 && is_known (info)) {
      n_hard_links++;
      return;
    }
    if (!(size in sizes))
      sizes[size] = new GenericArray<Candidate> ();
    sizes[size].add (new Candidate () { path = path, size = size, modified = get_modified (info), links = links });
  }

  /* Those that more than one file has, largest first. */
  public GenericArray<int64?> list_sizes () {
    var found = new GenericArray<int64?> ();

    sizes.foreach ((size, files) => {
      if (files.length > 1)
        found.add (size);
    });
    found.sort ((a, b) => a < b ? 1 : (a > b ? -1 : 0));
    return found;
  }

  public GenericArray<Candidate> of_size (int64 size) {
    return sizes[size];
  }
}

}
