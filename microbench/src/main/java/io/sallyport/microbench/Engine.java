package io.sallyport.microbench;

/** An engine that was given the {@link Rules}. */
interface Engine {
  /** Whether the device may publish there. */
  boolean allows(String topic);
}
