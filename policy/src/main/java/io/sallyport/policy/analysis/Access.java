package io.sallyport.policy.analysis;

/** What somebody may come to do with a topic. */
public enum Access {
  /** Receive what is published there. */
  READ,
  /** Publish there. */
  WRITE
}
