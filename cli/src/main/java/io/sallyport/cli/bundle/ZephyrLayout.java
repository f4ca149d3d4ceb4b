package io.sallyport.cli.bundle;

import java.util.ArrayList;
import java.util.List;

/** The constants of C, what registers them as TLS credentials of Zephyr, and its options. */
final class ZephyrLayout implements Layout {
  private static final List<String> FILES = List.of("sallyport_zephyr.c", "sallyport.conf");

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
