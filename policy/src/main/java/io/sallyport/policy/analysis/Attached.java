package io.sallyport.policy.analysis;

import io.sallyport.policy.PolicyVersion;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.analysis.Finding.Severity;
import java.util.List;

/** The check of the audit catalogue that asks how a policy is attached. */
public final class Attached {
  private Attached() {}

  /** What there is to say of a policy that so many have. */
  public static List<Finding> findings(PolicyVersion policy, long attachments) {
    if (attachments == 0) {
      return List.of(new Finding("POL-14", Severity.INFO, List.of(), "nobody has it", "remove it"));
    }
    boolean variables =
        StatementView.of(policy).stream()
            .flatMap(statement -> statement.resources().stream())
            .anyMatch(resource -> !resource.variables().isEmpty());
    return attachments == 1 || variables
        ? List.of()
        : List.of(
            new Finding(
                "POL-14",
                Severity.WARNING,
                List.of(),
                attachments + " have it, and no variable tells them apart",
                "use ${iot:Connection.Thing.ThingName}, or a policy for each"));
  }
}
