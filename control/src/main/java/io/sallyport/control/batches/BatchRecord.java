package io.sallyport.control.batches;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A batch.
 *
 * @param wanted so many devices it may have and no more
 * @param members so many it has
 * @param ended of these, so many were revoked because it was killed
 * @param changedAt when it was closed or killed; when it was made until then
 * @param reason why it was killed
 */
public record BatchRecord(
    String name,
    State state,
    long wanted,
    long members,
    long ended,
    String createdBy,
    Instant createdAt,
    String changedBy,
    Instant changedAt,
    @Nullable String reason) {

  /** Whether devices are enrolled into it. */
  public enum State {
    OPEN,
    /** Nobody is enrolled into it any more. */
    CLOSED,
    /** Nor may anybody who is in it stay. */
    KILLED
  }

  /** So many are in it and not revoked yet because of it. */
  public long remaining() {
    return members - ended;
  }
}
