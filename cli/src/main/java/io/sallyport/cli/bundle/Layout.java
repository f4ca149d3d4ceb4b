package io.sallyport.cli.bundle;

import java.util.List;

/** How one kind of firmware takes its credentials: which files, and what is in them. */
interface Layout {
  /** The files of a bundle; the caller wipes them. */
  List<BundleFile> files(Credentials credentials);

  /** A file without which a folder is no finished bundle of this kind. */
  String mark(Credentials.Owner owner);
}
