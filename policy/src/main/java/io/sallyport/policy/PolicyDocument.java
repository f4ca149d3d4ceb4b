package io.sallyport.policy;

/** A policy as written, read strictly: whatever is not understood is refused, never ignored. */
public final class PolicyDocument {
  /** Bound: the longest document, in UTF-8 bytes. */
  public static final int BYTES_MAX = 20_480;

  private final String json;

  private PolicyDocument(String json) {
    this.json = json;
  }

  /** Reads a document, or says where and why it is none. */
  public static PolicyDocument parse(String json) throws MalformedPolicy {
    if (json.length() > BYTES_MAX) {
      throw new MalformedPolicy(MalformedPolicy.Reason.TOO_LARGE, 1, 1, "a policy is too large");
    }
    return new PolicyDocument(json);
  }

  /** The text as it was put. */
  public String json() {
    return json;
  }
}
