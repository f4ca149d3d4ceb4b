package io.sallyport.cli.bundle;

import java.util.ArrayList;
import java.util.List;

/** The constants of C with a configuration for mbedTLS 2.28 and a client that checks the pins. */
final class MbedtlsLayout implements Layout {
  private static final List<String> FILES =
      List.of("mbedtls_config.h", "sallyport_client.h", "sallyport_client.c", "sallyport_main.c");

  private final HeaderLayout constants = new HeaderLayout();

  @Override
  public List<BundleFile> files(Credentials credentials) {
    var files = new ArrayList<>(constants.files(credentials));
    FILES.stream().map(Resource::of).forEach(files::add);
    return files;
  }

  @Override
  public String mark(Credentials.Owner owner) {
    return constants.mark(owner);
  }
}
