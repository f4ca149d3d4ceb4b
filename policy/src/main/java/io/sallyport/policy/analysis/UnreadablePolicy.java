package io.sallyport.policy.analysis;

import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.analysis.Finding.Severity;
import java.util.List;
import java.util.Optional;

/** What lint says of a document that takes no effect because of its version or a variable. */
public final class UnreadablePolicy {
  private UnreadablePolicy() {}

  /** The finding, or nothing if the document is wrong in another way. */
  public static Optional<Finding> finding(MalformedPolicy malformed) {
    return switch (malformed.reason()) {
      case VERSION ->
          Optional.of(finding(malformed, "write \"Version\": \"2012-10-17\" at the top"));
      case VARIABLE, UNSUPPORTED ->
          Optional.of(finding(malformed, "use a variable of docs/policy.md"));
      default -> Optional.empty();
    };
  }

  private static Finding finding(MalformedPolicy malformed, String remedy) {
    return new Finding(
        "POL-11",
        Severity.ERROR,
        List.of(),
        "it is refused when it is put: " + malformed.located(),
        remedy);
  }
}
