package io.sallyport.control.rollover;

import io.sallyport.identity.issuance.AuthorityName;
import io.sallyport.identity.issuance.AuthorityStanding;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a rollover is.
 *
 * @param name what is replaced: a root or the devices CA
 * @param from the generation that ends
 * @param to the generation that follows
 * @param standing of the one that follows
 * @param present devices and backends that are active and have a certificate that holds
 * @param trusting of those, who is known to trust the one that follows
 * @param ready of those, whom the end of the old one takes nothing from
 * @param claims that the old one signed and that can be used still
 */
public record Progress(
    AuthorityName name,
    int from,
    int to,
    AuthorityStanding standing,
    Instant begunAt,
    @Nullable Instant activatedAt,
    long present,
    long trusting,
    long ready,
    long claims) {
  private static final long HUNDRED = 100;

  /** Whether so many of a hundred are ready, and no claim would be cut off. */
  public boolean reaches(int percent) {
    return ready * HUNDRED >= present * percent && claims == 0;
  }

  /** What becomes of it next, as people say it. */
  public String stage() {
    return switch (standing) {
      case REQUESTED -> "requested";
      case TRUSTED -> "begun";
      case ACTIVE -> "activated";
      case OUTGOING, RETIRED -> throw new IllegalStateException("it is not the one that follows");
    };
  }
}
