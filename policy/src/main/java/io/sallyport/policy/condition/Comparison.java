package io.sallyport.policy.condition;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * An operator with its prefix and suffix, as it stands in a document.
 *
 * @param quantifier how many of several values must pass
 * @param operator what is compared
 * @param ifExists whether it holds where the key has no value
 */
public record Comparison(Quantifier quantifier, Operator operator, boolean ifExists) {
  private static final String IF_EXISTS = "IfExists";

  /** How many of several values must pass. */
  public enum Quantifier {
    /** The key has one value. */
    ONE(""),
    ANY("ForAnyValue:"),
    ALL("ForAllValues:");

    private final String prefix;

    Quantifier(String prefix) {
      this.prefix = prefix;
    }
  }

  /** Reads a word such as {@code ForAnyValue:StringLikeIfExists}; nothing if it is none. */
  public static Optional<Comparison> parse(String word) {
    var quantifier =
        Stream.of(Quantifier.ANY, Quantifier.ALL)
            .filter(one -> word.startsWith(one.prefix))
            .findFirst()
            .orElse(Quantifier.ONE);
    boolean ifExists = word.endsWith(IF_EXISTS);
    int end = word.length() - (ifExists ? IF_EXISTS.length() : 0);
    if (end < quantifier.prefix.length()) {
      return Optional.empty();
    }
    var plain = word.substring(quantifier.prefix.length(), end);
    // Null asks whether there is a value: neither prefix nor suffix would mean anything.
    return Stream.of(Operator.values())
        .filter(one -> one.word().equals(plain))
        .filter(one -> one != Operator.NULL || word.equals(plain))
        .map(one -> new Comparison(quantifier, one, ifExists))
        .findFirst();
  }

  /** The word as documents write it. */
  public String word() {
    return quantifier.prefix + operator.word() + (ifExists ? IF_EXISTS : "");
  }
}
