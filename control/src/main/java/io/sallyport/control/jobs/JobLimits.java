package io.sallyport.control.jobs;

/**
 * The bounds of jobs that an operator of Sallyport sets.
 *
 * @param pendingPerDevice executions that a device has at once; further ones wait
 * @param alive jobs that are scheduled or in progress at once
 * @param documentBytes the longest document, as devices get it
 * @param targets devices of one job
 */
public record JobLimits(int pendingPerDevice, int alive, int documentBytes, int targets) {
  /** 20 a device, 100 jobs, 32 KiB and 100 000 devices. */
  public static final JobLimits DEFAULTS = new JobLimits(20, 100, 32 * 1024, 100_000);
}
