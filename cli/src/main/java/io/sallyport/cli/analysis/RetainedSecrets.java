package io.sallyport.cli.analysis;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Json;
import io.sallyport.policy.analysis.Finding;
import io.sallyport.policy.analysis.Finding.Severity;
import java.util.ArrayList;
import java.util.List;

/** The check of the audit catalogue that looks into what is stored: POL-15. */
final class RetainedSecrets {
  /** Bound: findings that are listed. */
  static final int FINDINGS_MAX = 1_000;

  private static final String ID = "POL-15";

  private RetainedSecrets() {}

  /** The findings over all retained messages of a server, page by page. */
  static List<Finding> findings(ControlClient control) {
    var findings = new ArrayList<Finding>();
    var after = "";
    while (true) {
      var page =
          control.post("analysis/secrets", Json.mapper().createObjectNode().put("after", after));
      if (!page.flag("readable")) {
        return List.of(unread("the retained messages are kept where nobody can look"));
      }
      for (var found : page.objects("found")) {
        if (findings.size() == FINDINGS_MAX) {
          findings.add(unread("there may be more than " + FINDINGS_MAX));
          return findings;
        }
        findings.add(finding(found));
      }
      var next = page.optionalText("next");
      if (next.isEmpty()) {
        return findings;
      }
      after = next.get();
    }
  }

  private static Finding finding(Answer found) {
    return new Finding(
        ID,
        Severity.ERROR,
        List.of(),
        "the retained message of '"
            + found.text("topic")
            + "' by "
            + found.text("publisher")
            + " holds "
            + String.join(" and ", found.texts("secrets")),
        "retain an empty message there, and replace the secret: whoever may subscribe had it");
  }

  private static Finding unread(String why) {
    return new Finding(ID, Severity.WARNING, List.of(), why, "look for secrets there by hand");
  }
}
