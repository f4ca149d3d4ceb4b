package io.sallyport.control.observation;

import io.sallyport.policy.Action;
import java.time.Instant;
import java.util.List;

/** What became of a request about observing. */
public sealed interface ObservationAnswer {
  /**
   * That somebody is observed, and what was seen.
   *
   * @param proposed the policies that would take the place of those attached; none if only recorded
   * @param principals how many were seen to do anything
   * @param uses how often
   * @param denied how often of these the proposal would have denied it
   * @param denials these, the most frequent first, the first thousand
   */
  record Shown(
      String scope,
      String name,
      List<String> proposed,
      Instant startedAt,
      String startedBy,
      long principals,
      long uses,
      long denied,
      List<Denial> denials)
      implements ObservationAnswer {
    /** Copies what could change. */
    public Shown {
      proposed = List.copyOf(proposed);
      denials = List.copyOf(denials);
    }
  }

  /** What a proposal would have denied, how often and when last. */
  record Denial(String principal, Action action, String name, long count, Instant last) {}

  /** It is observed no longer. */
  record Stopped(String scope, String name) implements ObservationAnswer {}

  /** These policies are attached to it now; it is observed no longer. */
  record Enforced(String scope, String name, List<String> before, List<String> policies)
      implements ObservationAnswer {
    /** Copies what could change. */
    public Enforced {
      before = List.copyOf(before);
      policies = List.copyOf(policies);
    }
  }

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements ObservationAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    UNKNOWN,
    CONFLICT,
    /** A stored invariant would not hold afterwards. */
    BREACH
  }
}
