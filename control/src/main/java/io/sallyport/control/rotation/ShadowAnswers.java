package io.sallyport.control.rotation;

import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.rotation.AnswerTable.Answer;
import io.sallyport.control.rotation.RotationAnswer.Issued;
import io.sallyport.control.rotation.RotationAnswer.Refused;
import io.sallyport.control.rotation.RotationShadow.Desired;
import io.sallyport.control.rotation.ShadowRotation.Reported;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Requests that devices put into their shadows. They are kept in the transaction of the shadow, and
 * worked on after it: signing takes transactions of its own. Who dies meanwhile leaves the request
 * to whoever looks next.
 */
final class ShadowAnswers implements ShadowRotation.Heard {
  /** Bound: the longest request that is kept, in characters. */
  static final int CSR_MAX = 8 * 1024;

  // Bound: requests taken at once.
  private static final int TAKEN_MAX = 50;
  // As long as a process may take for those.
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final int NONCE_MAX = 128;

  private final Database database;
  private final RotationDesk desk;
  private final RotationShadow shadow;
  private final EventSink events;
  private final Consumer<List<Publication>> post;
  private final Runnable soon;

  /**
   * @param soon has {@link #work} called in a moment
   */
  ShadowAnswers(
      Database database,
      RotationDesk desk,
      RotationShadow shadow,
      EventSink events,
      Consumer<List<Publication>> post,
      Runnable soon) {
    this.database = database;
    this.desk = desk;
    this.shadow = shadow;
    this.events = events;
    this.post = post;
    this.soon = soon;
  }

  @Override
  public void answered(Handle handle, PrincipalId device, Reported reported) {
    if (reported.nonce().length() > NONCE_MAX) {
      return;
    }
    if (reported.progress().equals(Reported.FAILED)) {
      RotationTable.failed(handle, device, reported.nonce());
      soon.run();
    }
    if (!reported.csr().isEmpty() && reported.csr().length() <= CSR_MAX) {
      AnswerTable.put(handle, new Answer(device, reported.nonce(), reported.csr()));
      soon.run();
    }
  }

  /** Works on what waits, some of it; whether there may be more. */
  boolean work(Instant now) {
    var some = database.write(handle -> AnswerTable.take(handle, now, now.plus(LEASE), TAKEN_MAX));
    some.forEach(one -> work(one, now));
    return some.size() == TAKEN_MAX;
  }

  private void work(Answer answer, Instant now) {
    var device = answer.device();
    var objection = objection(answer);
    var result =
        objection.isPresent()
            ? objection.get()
            : desk.certify(device, answer.csr(), answer.nonce(), now);
    switch (result) {
      // Its certificate was written into the shadow with it; or is there since it was first asked.
      case Issued issued -> again(answer, issued, now);
      case Refused refused -> refuse(answer, refused, now);
    }
  }

  /** Why it is not even looked into. */
  private Optional<RotationAnswer> objection(Answer answer) {
    if (answer.csr().contains("PRIVATE KEY")) {
      return refused("private-key", "a private key was sent; it is to be made anew");
    }
    var asked = database.read(handle -> RotationTable.find(handle, answer.nonce()));
    return asked.isEmpty() || !asked.get().principal().equals(answer.device())
        ? refused("nonce-unknown", "nothing was asked of it with that nonce")
        : Optional.empty();
  }

  private static Optional<RotationAnswer> refused(String reason, String detail) {
    return Optional.of(new Refused(Why.UNACCEPTABLE, reason, detail));
  }

  private void again(Answer answer, Issued issued, Instant now) {
    post.accept(
        database.write(
            handle -> {
              AnswerTable.done(handle, answer);
              return RotationTable.find(handle, answer.nonce())
                  .filter(one -> one.state() == RotationState.ISSUED)
                  .map(
                      one ->
                          shadow.desire(
                              handle,
                              now,
                              answer.device(),
                              desired(one, issued.certificate().pem(), null)))
                  .orElse(List.of());
            }));
  }

  private void refuse(Answer answer, Refused refused, Instant now) {
    events.accept(
        SecurityEvent.of(
            now,
            EventType.ROTATION_REFUSED,
            "system",
            answer.device().value(),
            Map.of("reason", refused.reason(), "detail", refused.detail())));
    post.accept(
        database.write(
            handle -> {
              AnswerTable.done(handle, answer);
              // Told only to whom it was asked of, and as long as the ask is open.
              return RotationTable.open(handle, answer.device())
                  .filter(one -> one.nonce().equals(answer.nonce()))
                  .filter(one -> one.state() == RotationState.ASKED)
                  .map(
                      one ->
                          shadow.desire(
                              handle, now, answer.device(), desired(one, null, refused.reason())))
                  .orElse(List.of());
            }));
  }

  private static Desired desired(
      RotationRecord rotation, @Nullable String certificate, @Nullable String refused) {
    var asked = rotation.askedAt();
    return new Desired(
        rotation.nonce(),
        asked == null ? rotation.dueAt() : asked,
        rotation.rotateBy(),
        certificate,
        refused);
  }
}
