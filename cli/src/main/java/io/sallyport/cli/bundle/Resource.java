package io.sallyport.cli.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Files of a bundle that are the same for every device. */
final class Resource {
  private Resource() {}

  static BundleFile of(String name) {
    try (var stream = Resource.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("not in the jar: " + name);
      }
      return BundleFile.open(name, stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
