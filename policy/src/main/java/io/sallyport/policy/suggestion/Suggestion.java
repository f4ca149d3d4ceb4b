package io.sallyport.policy.suggestion;

import io.sallyport.policy.Action;
import java.util.List;
import java.util.Map;

/**
 * A policy that allows what was seen.
 *
 * @param document a policy document, ready to be put
 * @param statements what it consists of, and why
 * @param remarks what whoever puts it should know
 */
public record Suggestion(String document, List<Statement> statements, List<String> remarks) {
  /** Copies what could change. */
  public Suggestion {
    statements = List.copyOf(statements);
    remarks = List.copyOf(remarks);
  }

  /**
   * A statement with the evidence of each resource, by type and name.
   *
   * @param resources in their order
   */
  public record Statement(String sid, List<Action> actions, Map<String, Evidence> resources) {}

  /** What was seen needs more words than a policy may have. */
  public static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLarge() {
      super("what was seen does not fit into one policy; ask for fewer devices at once");
    }
  }
}
