package io.sallyport.policy;

import io.sallyport.policy.MalformedPolicy.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A policy as written, read strictly: whatever is not understood is refused, never ignored. Two are
 * equal if their texts are.
 */
public final class PolicyDocument {
  /** Bound: the longest document, in UTF-8 bytes; AWS takes 2 048 characters without spaces. */
  public static final int BYTES_MAX = 128 * 1024;

  private final String json;
  private final List<Statement> statements;

  private PolicyDocument(String json, List<Statement> statements) {
    this.json = json;
    this.statements = statements;
  }

  /** Reads a document, or says where and why it is none. */
  public static PolicyDocument parse(String json) throws MalformedPolicy {
    return parse(json, Mode.STRICT);
  }

  /** Reads a document; {@link Mode#AWS_COMPAT} takes the language of 2008 too. */
  static PolicyDocument parse(String json, Mode mode) throws MalformedPolicy {
    if (json.length() > BYTES_MAX || json.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      throw new MalformedPolicy(
          Reason.TOO_LARGE, 1, 1, "a policy has at most " + BYTES_MAX + " bytes");
    }
    return new PolicyDocument(json, DocumentReader.read(json, mode));
  }

  /** The text as it was put. */
  public String json() {
    return json;
  }

  List<Statement> statements() {
    return statements;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof PolicyDocument document && json.equals(document.json));
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  @Override
  public String toString() {
    return json;
  }
}
