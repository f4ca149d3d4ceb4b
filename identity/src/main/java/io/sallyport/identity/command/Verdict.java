package io.sallyport.identity.command;

import io.sallyport.identity.PublicKeyHash;
import java.util.Optional;

/** What a device thinks of what came. */
public sealed interface Verdict {
  /**
   * It is to be obeyed, once the window is remembered.
   *
   * @param signer whose command it is
   * @param after the signer's window with this command in it
   */
  record Accepted(Command command, PublicKeyHash signer, ReplayWindow after) implements Verdict {}

  /**
   * It is not.
   *
   * @param because the first thing that is wrong
   * @param detail a sentence for a log
   * @param signed the command, if its signer did sign it for this device: then, and only then, is
   *     it worth an answer
   */
  record Refused(Refusal because, String detail, Optional<Command> signed) implements Verdict {}
}
