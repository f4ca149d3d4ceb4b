package io.sallyport.cli.command;

import io.sallyport.cli.analysis.PolicyDiff;
import io.sallyport.cli.analysis.Source;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.DefaultPolicies;
import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Shows what a new version of a policy changes before it takes effect. */
record PutReview(Terminal terminal, ControlClient control) {
  private static final String NOTHING =
      "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Deny\", \"Action\": \"*\","
          + " \"Resource\": \"*\"}}";

  /** Whether the change is wanted; where nothing changes, nobody is asked. */
  boolean agrees(String name, PolicyDocument after, boolean yes) {
    var kind = name.equals(DefaultPolicies.BACKEND) ? PrincipalKind.BACKEND : PrincipalKind.DEVICE;
    boolean changes = PolicyDiff.review(terminal, kind, before(name), after);
    return !changes || yes || (terminal.interactive() && isConfirmed());
  }

  /** What is in force; a policy that is new allowed nothing. */
  private PolicyDocument before(String name) {
    var known =
        control.get("policies").objects("policies").stream()
            .anyMatch(policy -> policy.text("name").equals(name));
    if (known) {
      return Source.stored(control, name, "");
    }
    try {
      return PolicyDocument.parse(NOTHING);
    } catch (MalformedPolicy e) {
      throw new IllegalStateException("the policy that allows nothing is malformed", e);
    }
  }

  private boolean isConfirmed() {
    terminal.note("Put it in force? Type yes:");
    try {
      var reader = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
      return "yes".equals(reader.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
