package io.sallyport.policy.condition;

/** What an operator compares. */
public enum Family {
  STRING("text"),
  ARN("an ARN"),
  NUMERIC("a number"),
  DATE("a date"),
  BOOL("true or false"),
  BINARY("base64"),
  IP("an address"),
  VERSION("a version"),
  TIME_OF_DAY("a range of the day"),
  EXISTENCE("true or false");

  private final String noun;

  Family(String noun) {
    this.noun = noun;
  }

  /** What an expected value is, for a message. */
  public String noun() {
    return noun;
  }

  /** Whether expected values are texts in which variables are filled. */
  public boolean hasVariables() {
    return this == STRING || this == ARN;
  }
}
