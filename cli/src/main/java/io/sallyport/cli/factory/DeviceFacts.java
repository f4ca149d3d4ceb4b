package io.sallyport.cli.factory;

import java.util.List;

/** What a manifest says of one device; nothing of it is secret. */
record DeviceFacts(
    String id,
    String serial,
    String notAfter,
    String publicKeySha256,
    String certificateSha256,
    List<Output> files) {
  DeviceFacts {
    files = List.copyOf(files);
  }

  /** A file of it, by its name below the folder of the batch. */
  record Output(String name, long bytes, String sha256) {}
}
