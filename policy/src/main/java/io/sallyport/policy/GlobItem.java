package io.sallyport.policy;

import java.util.ArrayList;
import java.util.List;

/** One element of a pattern. */
sealed interface GlobItem {
  /** This one code point. */
  record Letter(int codePoint) implements GlobItem {}

  /** Exactly one code point, whichever. */
  record AnyLetter() implements GlobItem {}

  /** Any sequence, also the empty one. */
  record AnyRun() implements GlobItem {}

  /** The value of a variable, letter by letter, whatever letters they are. */
  record Value(Variable variable) implements GlobItem {}

  AnyLetter ANY_LETTER = new AnyLetter();
  AnyRun ANY_RUN = new AnyRun();

  /** What a letter outside of {@code ${...}} stands for. */
  static GlobItem of(int codePoint) {
    return switch (codePoint) {
      case '*' -> ANY_RUN;
      case '?' -> ANY_LETTER;
      default -> new Letter(codePoint);
    };
  }

  /** As documents write it. */
  static String written(GlobItem item) {
    return switch (item) {
      case Letter(int codePoint) when codePoint == '*' || codePoint == '?' ->
          "${" + Character.toString(codePoint) + "}";
      case Letter(int codePoint) -> Character.toString(codePoint);
      case AnyLetter() -> "?";
      case AnyRun() -> "*";
      case Value(var variable) -> "${" + variable.name() + "}";
    };
  }

  /** A pattern that knows no variables. */
  static List<GlobItem> wildcards(String pattern) {
    return collapsed(pattern.codePoints().mapToObj(GlobItem::of).toList());
  }

  /** The same pattern without the runs that only repeat the one before. */
  static List<GlobItem> collapsed(List<GlobItem> items) {
    var kept = new ArrayList<GlobItem>();
    for (var item : items) {
      if (!(item instanceof AnyRun) || kept.isEmpty() || !(kept.getLast() instanceof AnyRun)) {
        kept.add(item);
      }
    }
    return List.copyOf(kept);
  }
}
