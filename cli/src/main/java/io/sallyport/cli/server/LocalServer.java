package io.sallyport.cli.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Starts control within this process for one command, where no server listens for a directory. */
@FunctionalInterface
public interface LocalServer {
  /** Control of that directory on a free loopback port, or nothing where it cannot be started. */
  Optional<Running> startFor(Path dataDirectory);

  /** Control for as long as one command runs. */
  interface Running extends AutoCloseable {
    /** Where it listens. */
    URI address();

    /** Ends it, with everything that it acknowledged kept. */
    @Override
    void close();
  }

  /** For processes that have no server in them. */
  static LocalServer none() {
    return _ -> Optional.empty();
  }
}
