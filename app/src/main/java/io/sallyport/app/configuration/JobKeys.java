package io.sallyport.app.configuration;

import io.sallyport.control.jobs.JobLimits;
import java.util.List;

/** Keys of jobs: their bounds. */
public final class JobKeys {
  public static final Key<Integer> PENDING_PER_DEVICE =
      Key.number(
          "jobs.pending-per-device",
          1,
          100,
          JobLimits.DEFAULTS.pendingPerDevice(),
          "Most executions that a device has to do at once; further jobs wait for it.");
  public static final Key<Integer> ALIVE =
      Key.number(
          "jobs.alive",
          1,
          1_000,
          JobLimits.DEFAULTS.alive(),
          "Most jobs that are scheduled or in progress at once.");
  public static final Key<Integer> DOCUMENT_BYTES =
      Key.number(
          "jobs.document-bytes",
          64,
          96 * 1024,
          JobLimits.DEFAULTS.documentBytes(),
          "Longest document of a job in bytes; devices must be able to take a packet that is a"
              + " little longer.");
  public static final Key<Integer> TARGETS =
      Key.number(
          "jobs.targets", 1, 1_000_000, JobLimits.DEFAULTS.targets(), "Most devices of one job.");

  public static final List<Key<?>> ALL =
      List.of(PENDING_PER_DEVICE, ALIVE, DOCUMENT_BYTES, TARGETS);

  private JobKeys() {}

  /** What the configuration says of jobs. */
  public static JobLimits limits(Configuration configuration) {
    return new JobLimits(
        configuration.get(PENDING_PER_DEVICE),
        configuration.get(ALIVE),
        configuration.get(DOCUMENT_BYTES),
        configuration.get(TARGETS));
  }
}
