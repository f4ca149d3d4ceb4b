package io.sallyport.cli.enrolment;

import io.sallyport.cli.terminal.Failure;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the key of one applicant is made, and where what is issued goes. */
public final class Handover {
  @Option(
      names = "--csr",
      paramLabel = "FILE",
      description = "Sign this request, PKCS#10 in PEM; - for the standard input.")
  private @Nullable String csr;

  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      description = "Make the key here and write the folder with it.")
  private @Nullable Path bundle;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where to write; with --csr the default is -, the standard output.")
  private @Nullable String out;

  /** One of the two ways; exactly one must have been chosen. */
  sealed interface Way {
    /** The key stays where it is. */
    record Sign(String csr, @Nullable Path folder) implements Way {}

    /** The key is made here. */
    record Make(Path folder) implements Way {}
  }

  Way way() {
    if (csr == null && bundle != null) {
      if (out != null) {
        throw Failure.badInput("--bundle names the folder itself; --out goes with --csr");
      }
      return new Way.Make(bundle);
    }
    if (csr != null && bundle == null) {
      return new Way.Sign(csr, folder());
    }
    throw Failure.badInput("give --csr FILE to sign a request, or --bundle DIR to make the key");
  }

  /** Whether a folder with a key is to be made. */
  boolean makesBundle() {
    return bundle != null;
  }

  /** Whether a key of one applicant is spoken of at all. */
  boolean isChosen() {
    return csr != null || bundle != null;
  }

  /** The folder to write, or null for the standard output. */
  @Nullable Path folder() {
    return out == null || out.equals("-") ? null : Path.of(out);
  }
}
