package io.sallyport.control.publication;

import io.sallyport.identity.PublicUrl;
import io.sallyport.identity.issuance.OcspResponder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an operator of Sallyport may set about the publication of revocations.
 *
 * @param url where certificates say that it is published; null when they say nothing
 * @param listLifetime from a list's making to its end; it is made anew at half of that at latest
 * @param listDelay how long a revocation may wait until the lists have it
 * @param answerLifetime how long an answer about one certificate may be believed
 */
public record PublicationSettings(
    @Nullable PublicUrl url, Duration listLifetime, Duration listDelay, Duration answerLifetime) {
  /** Bound: an answer that is signed at the last moment still ends before its signer does. */
  public static final Duration ANSWER_LIFETIME_MAX = OcspResponder.LIFETIME.dividedBy(2);

  /** The defaults: no URL, lists for a week, in five seconds, answers for an hour. */
  public static final PublicationSettings DEFAULTS =
      new PublicationSettings(null, Duration.ofDays(7), Duration.ofSeconds(5), Duration.ofHours(1));

  /** Refuses, with {@link IllegalArgumentException}, answers beyond their bound. */
  public PublicationSettings {
    if (answerLifetime.compareTo(ANSWER_LIFETIME_MAX) > 0) {
      throw new IllegalArgumentException("answers hold for at most " + ANSWER_LIFETIME_MAX);
    }
  }
}
