package io.sallyport.policy.analysis;

import dk.brics.automaton.Automaton;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.StatementView.AnyLetter;
import io.sallyport.policy.StatementView.AnyRun;
import io.sallyport.policy.StatementView.Letters;
import io.sallyport.policy.StatementView.Piece;
import io.sallyport.policy.StatementView.Value;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The two-symbol method: one principal has a name that nobody thought of, and everybody else has
 * any other name. What holds for the two holds for every pair of a fleet whose names the policies
 * do not mention; the names that they do mention are tried one by one.
 */
final class Others {
  /** Stands in a filter for the name of somebody else. */
  static final String PLACEHOLDER = "{other}";

  /** A name that no policy mentions. */
  static final String SELF = "this-device";

  /** Bound: names out of the policies that are tried. */
  private static final int MENTIONED_MAX = 64;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9:_-]{1,128}");

  private Others() {}

  /** The name that stands for all, and each that the statements mention. */
  static Set<String> names(List<StatementView> statements) {
    return names(statements, "");
  }

  /** The same, and each that the filter mentions. */
  static Set<String> names(List<StatementView> statements, String filter) {
    var names = new LinkedHashSet<String>();
    names.add(SELF);
    mention(new Letters(filter), names);
    for (var statement : statements) {
      for (var resource : statement.resources()) {
        for (var patterns : resource.names().values()) {
          patterns.forEach(pieces -> pieces.forEach(piece -> mention(piece, names)));
        }
      }
    }
    return names;
  }

  private static void mention(Piece piece, Set<String> names) {
    if (piece instanceof Letters(var text)) {
      var matcher = NAME.matcher(text);
      while (matcher.find()) {
        if (names.size() > MENTIONED_MAX) {
          throw new TooComplex(MENTIONED_MAX);
        }
        names.add(matcher.group());
      }
    }
  }

  /** The topics that the filter means, seen by this principal. */
  static Language topics(String filter, String self) {
    int last = filter.length();
    boolean all = filter.equals("#");
    boolean below = filter.endsWith("/#");
    var text = all ? "" : below ? filter.substring(0, last - 2) : filter;
    var automaton = Automaton.makeEmptyString();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith(PLACEHOLDER, at)) {
        automaton = automaton.concatenate(other(self));
        at += PLACEHOLDER.length();
      } else {
        int end = text.offsetByCodePoints(at, 1);
        var letter = text.substring(at, end);
        automaton =
            automaton.concatenate(
                letter.equals("+") ? Names.inLevel().repeat() : Names.word(letter));
        at = end;
      }
    }
    if (below) {
      var tail = Names.letters("/").concatenate(Names.wellFormed().repeat());
      automaton = automaton.concatenate(tail.optional());
    }
    var topics = Language.of(all ? Names.wellFormed().repeat() : automaton).and(Names.TOPICS);
    return Filters.startsWild(filter) ? topics.minus(Names.beginningWith("$")) : topics;
  }

  /** What a pattern with the own name in it means to somebody else. */
  static Language topics(List<Piece> pieces, PolicyClass principals, String self) {
    var automaton = Automaton.makeEmptyString();
    for (var piece : pieces) {
      automaton =
          automaton.concatenate(
              switch (piece) {
                case Letters(var text) -> Names.word(text);
                case AnyLetter() -> Names.wellFormed();
                case AnyRun() -> Names.wellFormed().repeat();
                case Value(var variable) when principals.isNamed(variable) -> other(self);
                case Value _ -> Names.wellFormed().repeat(1);
              });
    }
    return Language.of(automaton).and(Names.TOPICS);
  }

  private static Automaton other(String self) {
    return Names.IDS.automaton().minus(Names.word(self));
  }
}
