package io.sallyport.policy;

/**
 * One version of a named policy, as attached to a principal.
 *
 * @param name the policy's name
 * @param version 1 for the first
 * @param document what it says
 */
public record PolicyVersion(String name, int version, PolicyDocument document) {
  /** Refuses a version below 1. */
  public PolicyVersion {
    if (version < 1) {
      throw new IllegalArgumentException("a policy version must be positive: " + version);
    }
  }
}
