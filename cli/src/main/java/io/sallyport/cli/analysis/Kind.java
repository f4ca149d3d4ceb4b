package io.sallyport.cli.analysis;

import io.sallyport.identity.PrincipalKind;
import picocli.CommandLine.Option;

/** Whom a policy file is meant for. */
final class Kind {
  @Option(
      names = "--backend",
      description = "Look at it as a backend's policy; default: a device's.")
  private boolean backend;

  PrincipalKind kind() {
    return backend ? PrincipalKind.BACKEND : PrincipalKind.DEVICE;
  }
}
