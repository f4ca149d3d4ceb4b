package io.sallyport.cli.factory;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.PrincipalId;
import java.util.Optional;

/** A batch as the server knows it. */
final class Batch {
  private Batch() {}

  /** The path of a batch of that name. */
  static String path(String name) {
    if (!PrincipalId.isCertifiable(name)) {
      throw Failure.badInput(
          "a batch's name has 1 to 64 characters of A-Z a-z 0-9 : _ -, not '" + name + "'");
    }
    return "batches/" + ControlClient.segment(name);
  }

  static Optional<Answer> find(ControlClient control, String name) {
    try {
      return Optional.of(control.get(path(name)));
    } catch (Failure failure) {
      if (failure.kind() == Failure.Kind.REFUSED) {
        // Not there; whoever may not look is told when it is made.
        return Optional.empty();
      }
      throw failure;
    }
  }
}
