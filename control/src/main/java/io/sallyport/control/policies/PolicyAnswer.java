package io.sallyport.control.policies;

import java.time.Instant;
import java.util.List;

/** What became of a request about policies. */
public sealed interface PolicyAnswer {
  /** The policy has that version now; it had it before when nothing was changed. */
  record Put(String name, int version, boolean changed) implements PolicyAnswer {}

  /** These policies are attached to the principal now. */
  record Attached(String principal, List<String> policies) implements PolicyAnswer {}

  /** One version of a policy. */
  record Shown(
      String name,
      int version,
      String document,
      List<Integer> versions,
      List<String> attachments,
      List<String> groups,
      Instant createdAt)
      implements PolicyAnswer {}

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements PolicyAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    UNKNOWN,
    CONFLICT,
    /** An invariant would not hold any more, or nobody can prove that it would. */
    BREACH
  }
}
