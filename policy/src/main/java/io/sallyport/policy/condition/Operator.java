package io.sallyport.policy.condition;

/** How a condition compares, without prefix and suffix. */
public enum Operator {
  STRING_EQUALS("StringEquals", Family.STRING, false),
  STRING_NOT_EQUALS("StringNotEquals", Family.STRING, true),
  STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", Family.STRING, false),
  STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", Family.STRING, true),
  STRING_LIKE("StringLike", Family.STRING, false),
  STRING_NOT_LIKE("StringNotLike", Family.STRING, true),
  ARN_EQUALS("ArnEquals", Family.ARN, false),
  ARN_LIKE("ArnLike", Family.ARN, false),
  ARN_NOT_EQUALS("ArnNotEquals", Family.ARN, true),
  ARN_NOT_LIKE("ArnNotLike", Family.ARN, true),
  NUMERIC_EQUALS("NumericEquals", Family.NUMERIC, false),
  NUMERIC_NOT_EQUALS("NumericNotEquals", Family.NUMERIC, true),
  NUMERIC_LESS_THAN("NumericLessThan", Family.NUMERIC, Relation.LESS),
  NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", Family.NUMERIC, Relation.LESS_OR_EQUAL),
  NUMERIC_GREATER_THAN("NumericGreaterThan", Family.NUMERIC, Relation.GREATER),
  NUMERIC_GREATER_THAN_EQUALS(
      "NumericGreaterThanEquals", Family.NUMERIC, Relation.GREATER_OR_EQUAL),
  DATE_EQUALS("DateEquals", Family.DATE, false),
  DATE_NOT_EQUALS("DateNotEquals", Family.DATE, true),
  DATE_LESS_THAN("DateLessThan", Family.DATE, Relation.LESS),
  DATE_LESS_THAN_EQUALS("DateLessThanEquals", Family.DATE, Relation.LESS_OR_EQUAL),
  DATE_GREATER_THAN("DateGreaterThan", Family.DATE, Relation.GREATER),
  DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", Family.DATE, Relation.GREATER_OR_EQUAL),
  BOOL("Bool", Family.BOOL, false),
  BINARY_EQUALS("BinaryEquals", Family.BINARY, false),
  IP_ADDRESS("IpAddress", Family.IP, false),
  NOT_IP_ADDRESS("NotIpAddress", Family.IP, true),
  NULL("Null", Family.EXISTENCE, false),
  TIME_OF_DAY_BETWEEN("TimeOfDayBetween", Family.TIME_OF_DAY, false),
  TIME_OF_DAY_NOT_BETWEEN("TimeOfDayNotBetween", Family.TIME_OF_DAY, true),
  VERSION_EQUALS("VersionEquals", Family.VERSION, false),
  VERSION_NOT_EQUALS("VersionNotEquals", Family.VERSION, true),
  VERSION_LESS_THAN("VersionLessThan", Family.VERSION, Relation.LESS),
  VERSION_LESS_THAN_EQUALS("VersionLessThanEquals", Family.VERSION, Relation.LESS_OR_EQUAL),
  VERSION_GREATER_THAN("VersionGreaterThan", Family.VERSION, Relation.GREATER),
  VERSION_GREATER_THAN_EQUALS(
      "VersionGreaterThanEquals", Family.VERSION, Relation.GREATER_OR_EQUAL);

  private final String word;
  private final Family family;
  private final Relation relation;
  private final boolean negated;

  Operator(String word, Family family, boolean negated) {
    this.word = word;
    this.family = family;
    this.relation = Relation.EQUAL;
    this.negated = negated;
  }

  Operator(String word, Family family, Relation relation) {
    this.word = word;
    this.family = family;
    this.relation = relation;
    this.negated = false;
  }

  /** The operator as documents write it. */
  public String word() {
    return word;
  }

  public Family family() {
    return family;
  }

  Relation relation() {
    return relation;
  }

  /** Whether it holds if no expected value fits, instead of if one does. */
  public boolean isNegated() {
    return negated;
  }

  /** Whether {@code *} and {@code ?} in an expected text are wildcards. */
  public boolean hasWildcards() {
    return family == Family.ARN || this == STRING_LIKE || this == STRING_NOT_LIKE;
  }

  /** Whether upper and lower case are the same to it. */
  public boolean ignoresCase() {
    return this == STRING_EQUALS_IGNORE_CASE || this == STRING_NOT_EQUALS_IGNORE_CASE;
  }
}
