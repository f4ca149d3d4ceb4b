package io.sallyport.control.groups;

import io.sallyport.control.registry.GroupRecord;
import java.util.List;

/** What became of a request about groups. */
public sealed interface GroupAnswer {
  /** The group as it is now; made, changed or only looked at. */
  record Shown(GroupRecord group) implements GroupAnswer {}

  /**
   * These members were added or removed, others were there or not there before.
   *
   * @param changed in the order asked
   */
  record Members(GroupRecord group, List<String> changed) implements GroupAnswer {}

  /** The group is gone, and with it so many memberships. */
  record Deleted(String name, long members) implements GroupAnswer {}

  /**
   * Nothing was changed.
   *
   * @param reason a word for programs
   * @param detail a sentence for people
   */
  record Refused(Why why, String reason, String detail) implements GroupAnswer {}

  /** What kind of refusal it is. */
  enum Why {
    MALFORMED,
    UNKNOWN,
    CONFLICT,
    /** A stored invariant would not hold afterwards. */
    BREACH
  }
}
