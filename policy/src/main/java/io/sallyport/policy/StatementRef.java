package io.sallyport.policy;

/**
 * Where a deciding statement stands.
 *
 * @param policy the policy's name
 * @param version its version, 1 for the first
 * @param index the statement's place in the document, 0 for the first
 * @param sid the statement's Sid, or the empty string
 */
public record StatementRef(String policy, int version, int index, String sid) {
  @Override
  public String toString() {
    return policy
        + " v"
        + version
        + " statement "
        + index
        + (sid.isEmpty() ? "" : " (" + sid + ")");
  }
}
