package io.sallyport.policy;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is allowed or denied, for an operator's eyes; never sent to a device.
 *
 * @param considered the statements that apply besides the deciding one, and those that would if not
 *     for one part of them; in the order of policies and documents
 * @param changes the smallest changes that would allow it together; none if it is allowed, or if no
 *     change could
 */
public record Explanation(
    Action action,
    String name,
    Decision decision,
    List<Considered> considered,
    List<Change> changes) {
  /** Bound: the statements that a short trace names. */
  static final int TRACED_MAX = 3;

  /** Copies what could change. */
  public Explanation {
    considered = List.copyOf(considered);
    changes = List.copyOf(changes);
  }

  /** A part of a statement that can fail. */
  public enum Part {
    ACTION("action"),
    RESOURCE("resource"),
    VARIABLE("variable"),
    CONDITION("condition");

    private final String word;

    Part(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /**
   * What kept a statement from applying.
   *
   * @param what the member, variable, or operator and key
   */
  public record Failure(Part part, String what, List<String> expected, List<String> actual) {
    /** Copies what could change. */
    public Failure {
      expected = List.copyOf(expected);
      actual = List.copyOf(actual);
    }
  }

  /**
   * A statement that applies, or nearly.
   *
   * @param allows whether its effect is Allow
   * @param failed what kept it from applying; nothing if it applies
   */
  public record Considered(StatementRef statement, boolean allows, List<Failure> failed) {
    /** Copies what could change. */
    public Considered {
      failed = List.copyOf(failed);
    }

    private boolean isOfThisAction() {
      return failed.stream().map(Failure::part).noneMatch(Part.ACTION::equals);
    }

    private String trace() {
      return (allows ? "Allow " : "Deny ")
          + statement
          + ": "
          + failed.stream().map(Failure::what).collect(Collectors.joining(" and "));
    }
  }

  /**
   * One change of a policy.
   *
   * @param statement the statement to be narrowed; null if one is to be added
   * @param json the statement to add, or the members to add to it
   */
  public record Change(@Nullable StatementRef statement, String json) {}

  /** The decision and what came nearest to another one, on one line. */
  public String trace() {
    var nearest =
        considered.stream()
            .filter(one -> one.allows() && one.isOfThisAction())
            .limit(TRACED_MAX)
            .map(Considered::trace)
            .collect(Collectors.joining("; "));
    return decision.explanation()
        + (decision instanceof Decision.ImplicitlyDenied && !nearest.isEmpty()
            ? "; nearly: " + nearest
            : "");
  }
}
