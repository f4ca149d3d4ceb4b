package io.sallyport.policy;

/** A document that is not a policy of this language; it takes no effect at all. */
public final class MalformedPolicy extends Exception {
  private static final long serialVersionUID = 1L;

  /** Which rule of the language the document breaks. */
  public enum Reason {
    /** Over {@link PolicyDocument#BYTES_MAX}. */
    TOO_LARGE,
    /** Not one well-formed JSON value. */
    NOT_JSON,
    /** A JSON value of the wrong type stands there. */
    WRONG_TYPE,
    /** One member twice in one object. */
    DUPLICATE_MEMBER,
    /** A member that the language does not have. */
    UNKNOWN_MEMBER,
    /** A member that must be there is not, or two that exclude each other are both there. */
    MISSING_OR_CONFLICTING_MEMBER,
    /** A list without an element. */
    EMPTY_LIST,
    /** Not {@code 2012-10-17}. */
    VERSION,
    /** Neither {@code Allow} nor {@code Deny}. */
    EFFECT,
    /** No known action is meant. */
    ACTION,
    /** Not an ARN of AWS IoT, or one of an unknown type. */
    RESOURCE,
    /** Malformed, unknown, or not usable in a resource. */
    VARIABLE,
    /** Not an operator, or one that cannot compare this key. */
    OPERATOR,
    /** Not a key that a condition can look at, or a list where one value is compared. */
    CONDITION_KEY,
    /** Not of the type that the operator compares. */
    CONDITION_VALUE,
    /** A control character, an unpaired surrogate, or an over-long text. */
    TEXT,
    /** Legal in AWS IoT, refused here until it is enforced. */
    UNSUPPORTED
  }

  private final Reason reason;
  private final String message;
  private final int line;
  private final int column;

  MalformedPolicy(Reason reason, int line, int column, String message) {
    super(message);
    this.reason = reason;
    this.message = message;
    this.line = line;
    this.column = column;
  }

  /** The rule that is broken. */
  public Reason reason() {
    return reason;
  }

  /** What is wrong, in one sentence. */
  @Override
  public String getMessage() {
    return message;
  }

  /** 1 for the first line. */
  public int line() {
    return line;
  }

  /** 1 for the first character of the line. */
  public int column() {
    return column;
  }

  /** The message with its place in front, as compilers print it. */
  public String located() {
    return "line " + line + ", column " + column + ": " + message;
  }
}
