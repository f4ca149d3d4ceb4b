package io.sallyport.control.enrolment.claim;

import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A claim as the registry knows it.
 *
 * @param fingerprint of its certificate in hexadecimal
 * @param usesMax how many devices it may enrol
 * @param perMinuteMax how many of them within a minute
 * @param group the group that its devices join; null for none
 * @param templates the provisioning templates that it may use over MQTT; if there are none, it
 *     enrols by EST
 */
public record ClaimRecord(
    PrincipalId name,
    String batch,
    State state,
    String fingerprint,
    String pem,
    IdPatterns ids,
    long usesMax,
    long uses,
    long perMinuteMax,
    NewcomerTerms terms,
    @Nullable String group,
    List<String> templates,
    Instant notBefore,
    Instant notAfter,
    String createdBy,
    Instant createdAt,
    @Nullable String killedBy,
    @Nullable Instant killedAt) {
  /** What may become of a claim; its window and its count end it besides. */
  public enum State {
    OPEN,
    KILLED
  }

  public ClaimRecord {
    templates = List.copyOf(templates);
  }

  /** Whether it may be used at that moment, as far as its window says. */
  boolean isInWindow(Instant now) {
    return !now.isBefore(notBefore) && !now.isAfter(notAfter);
  }
}
