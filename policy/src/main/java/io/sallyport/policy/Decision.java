package io.sallyport.policy;

/** The answer to one request; closed, so that every caller thinks of each outcome. */
public sealed interface Decision {
  /** A statement allows it and none denies it. */
  record Allowed(StatementRef by) implements Decision {}

  /** A statement with Effect Deny applies. */
  record ExplicitlyDenied(StatementRef by) implements Decision {}

  /** No statement allows it. */
  record ImplicitlyDenied() implements Decision {}

  /** Whether the request may go on. */
  default boolean isAllowed() {
    return this instanceof Allowed;
  }

  /** The reason for an operator's eyes; never sent to a device. */
  default String explanation() {
    return switch (this) {
      case Allowed(var by) -> "allowed by " + by;
      case ExplicitlyDenied(var by) -> "denied by " + by;
      case ImplicitlyDenied() -> "no statement allows it";
    };
  }
}
