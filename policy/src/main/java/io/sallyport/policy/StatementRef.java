package io.sallyport.policy;

/**
 * Where a deciding statement stands.
 *
 * @param policy the policy's name
 * @param version its version, 1 for the first
 * @param index the statement's place in the document, 0 for the first
 * @param sid the statement's Sid, or the empty string
 * @param line the line of the document on which it begins, 1 for the first
 */
public record StatementRef(String policy, int version, int index, String sid, int line) {
  static StatementRef of(PolicyVersion policy, int index) {
    var statement = policy.document().statements().get(index);
    return new StatementRef(
        policy.name(), policy.version(), index, statement.sid(), statement.at().line());
  }

  @Override
  public String toString() {
    return policy
        + " v"
        + version
        + " statement "
        + index
        + (sid.isEmpty() ? "" : " (" + sid + ")")
        + " line "
        + line;
  }
}
