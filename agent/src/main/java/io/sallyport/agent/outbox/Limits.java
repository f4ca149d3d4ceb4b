package io.sallyport.agent.outbox;

/**
 * How much waits at most.
 *
 * @param bytesMax of records on disk that are not acknowledged
 * @param countMax of such records
 * @param segmentBytes when a file is full; the disk holds at most this much more than {@code
 *     bytesMax} twice over
 * @param whenFull what gives way
 */
public record Limits(long bytesMax, long countMax, int segmentBytes, WhenFull whenFull) {
  /** 16 MiB, 100 000 records, the oldest give way: what is newest is worth most. */
  public static final Limits DEFAULT =
      new Limits(16L * 1024 * 1024, 100_000, 256 * 1024, WhenFull.DROP_OLDEST);

  /** What gives way to what. */
  public enum WhenFull {
    /** What has waited longest goes, the new is kept. */
    DROP_OLDEST,
    /** What has waited stays, the new is not taken. */
    REFUSE_NEWEST
  }

  /** Refuses, with {@link IllegalArgumentException}, limits that hold nothing. */
  public Limits {
    if (bytesMax < segmentBytes || countMax < 1 || segmentBytes < Telemetry.LENGTH_MIN) {
      throw new IllegalArgumentException(
          "an outbox needs room for a segment and a record: " + bytesMax + ", " + countMax);
    }
  }
}
