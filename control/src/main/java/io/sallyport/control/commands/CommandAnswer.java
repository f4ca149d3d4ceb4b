package io.sallyport.control.commands;

import java.util.List;

/** What became of an operator's request about commands. */
public sealed interface CommandAnswer {
  /** One command as it is now. */
  record Shown(CommandRecord command) implements CommandAnswer {}

  /**
   * One command for each device of a group.
   *
   * @param id what they have in common
   * @param passedOver members that are no active device, or for which too many commands wait
   */
  record SentToGroup(String id, String group, int commands, List<String> passedOver)
      implements CommandAnswer {}

  /** Nothing was changed. */
  record Refused(Why why, String reason, String detail) implements CommandAnswer {}

  /** The kinds of refusals. */
  enum Why {
    MALFORMED,
    UNKNOWN,
    CONFLICT,
    /** There is no key to sign with. */
    UNAVAILABLE
  }
}
