package io.sallyport.app.configuration;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where the configuration comes from, as often as it is asked for.
 *
 * @param files what it is read from
 * @param reader reads it, or fails with one sentence that names the file and the place in it
 */
public record Source(List<Path> files, Supplier<Configuration> reader) {
  public Source {
    files = List.copyOf(files);
  }

  /** One that is not a file's and never changes. */
  public static Source fixed(Configuration configuration) {
    return new Source(List.of(), () -> configuration);
  }

  public Configuration read() {
    return reader.get();
  }
}
