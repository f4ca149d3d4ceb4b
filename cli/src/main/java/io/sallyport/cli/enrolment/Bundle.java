package io.sallyport.cli.enrolment;

import io.sallyport.cli.bundle.Gate;
import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Failure;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One folder with a key that is made here and what the server issues for it; whole or not at all.
 */
final class Bundle {
  private final Applicant applicant;
  private final Path shown;
  private final Path folder;
  private final Path waiting;

  Bundle(Applicant applicant, Path folder) {
    this.applicant = applicant;
    this.shown = folder;
    this.folder = folder.toAbsolutePath().normalize();
    this.waiting = this.folder.resolveSibling("." + this.folder.getFileName() + ".pending");
  }

  /**
   * Makes the key, sends its request, writes the folder.
   *
   * @param issuedBefore the answer that an earlier run did not get
   * @param send sends a request in PEM and returns the server's answer
   * @param further the contents of further files, by name
   */
  Answer make(
      Function<PublicKey, Optional<Answer>> issuedBefore,
      Function<String, Answer> send,
      Function<Answer, Map<String, String>> further) {
    return make(
        issuedBefore,
        send,
        (key, answer) ->
            key.complete(Issued.read(answer, key.publicKey()), further.apply(answer), folder));
  }

  /**
   * The same, in a form of its own.
   *
   * @param gate where the device connects and what it knows the server by, from the answer
   */
  Answer make(
      Function<PublicKey, Optional<Answer>> issuedBefore,
      Function<String, Answer> send,
      Function<Answer, Gate> gate,
      Shape.Chosen shape) {
    return make(
        issuedBefore,
        send,
        (key, answer) ->
            key.complete(Issued.read(answer, key.publicKey()), gate.apply(answer), shape, folder));
  }

  private Answer make(
      Function<PublicKey, Optional<Answer>> issuedBefore,
      Function<String, Answer> send,
      BiConsumer<PendingKey, Answer> complete) {
    if (OwnerFiles.occupied(folder)) {
      throw Failure.badInput("the folder is there already and not empty: " + shown);
    }
    var parents = OwnerFiles.createFolders(OwnerFiles.parent(folder));
    var key = PendingKey.open(waiting, applicant);
    try {
      var before = key.resumed() ? issuedBefore.apply(key.publicKey()) : Optional.<Answer>empty();
      var answer = before.orElseGet(() -> send.apply(key.request()));
      finish(key, answer, complete);
      return answer;
    } catch (Failure failure) {
      throw settled(failure, key, parents);
    }
  }

  /** What fails from here on must not cost the key of a certificate that was issued. */
  private void finish(PendingKey key, Answer answer, BiConsumer<PendingKey, Answer> complete) {
    key.keep();
    complete.accept(key, answer);
  }

  private Failure settled(Failure failure, PendingKey key, List<Path> parents) {
    if (failure.nothingHappened() && key.isDisposable()) {
      key.discard();
      OwnerFiles.removeEmpty(parents);
      return failure;
    }
    // Whether a request arrived is not known: without this key its certificate would be lost.
    return failure.with(
        failure.kind() == Failure.Kind.REFUSED
            ? "the key of the earlier run is kept in " + waiting
            : "the key waits in " + waiting + ", so run the same command again");
  }
}
