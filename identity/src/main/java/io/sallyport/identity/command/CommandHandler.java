package io.sallyport.identity.command;

import org.jspecify.annotations.Nullable;

/** Does what a command says, once; it is never asked twice for the same. */
public interface CommandHandler {
  /**
   * What came of it.
   *
   * @param done whether it worked
   * @param detail a sentence of at most 128 bytes; empty for none
   * @param stateHash SHA-256 of the device's state afterwards, in lower-case hexadecimal; null for
   *     none
   */
  record Done(boolean done, String detail, @Nullable String stateHash) {}

  /** Does it. What it throws counts as not having worked. */
  Done execute(Command command);
}
