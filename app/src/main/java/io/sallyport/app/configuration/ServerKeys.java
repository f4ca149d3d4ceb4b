package io.sallyport.app.configuration;

import java.util.List;

/** Keys of the whole server: its names and the operators' port. */
public final class ServerKeys {
  public static final Key<List<String>> NAMES =
      Key.texts(
          "names",
          "DNS names and addresses",
          List.of("localhost", "127.0.0.1"),
          "What clients call this server: goes into its TLS certificates; the first one is"
              + " printed in bundles.");
  public static final Key<String> HTTPS_HOST =
      Key.text("https.host", "address", "127.0.0.1", "Where operators are let in.");
  public static final Key<Integer> HTTPS_PORT =
      Key.number("https.port", 0, 65_535, 8443, "REST API of the operators; 0 picks a free port.");

  static final List<Key<?>> ALL = List.of(NAMES, HTTPS_HOST, HTTPS_PORT);

  private ServerKeys() {}
}
