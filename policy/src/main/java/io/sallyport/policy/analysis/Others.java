package io.sallyport.policy.analysis;

import dk.brics.automaton.Automaton;
import io.sallyport.policy.StatementView.AnyLetter;
import io.sallyport.policy.StatementView.AnyRun;
import io.sallyport.policy.StatementView.Letters;
import io.sallyport.policy.StatementView.Piece;
import io.sallyport.policy.StatementView.Value;
import java.util.ArrayList;
import java.util.List;

/** What topics are those of somebody else: one with every other name at once. */
final class Others {
  /** Stands in a filter for the name of somebody else. */
  static final String PLACEHOLDER = "{other}";

  /** A name that no policy mentions. */
  static final String SELF = "this-device";

  private Others() {}

  /** The text of a filter, with a variable in the place of somebody else's name. */
  static List<Piece> pieces(String text) {
    var pieces = new ArrayList<Piece>();
    int at = 0;
    for (int next = text.indexOf(PLACEHOLDER); next >= 0; next = text.indexOf(PLACEHOLDER, at)) {
      if (next > at) {
        pieces.add(new Letters(text.substring(at, next)));
      }
      pieces.add(new Value(PLACEHOLDER));
      at = next + PLACEHOLDER.length();
    }
    if (at < text.length()) {
      pieces.add(new Letters(text.substring(at)));
    }
    return pieces;
  }

  /** Every id but this one. */
  static Language but(String self) {
    return Names.IDS.minus(Names.only(self));
  }

  /** Every id but this one and those that it may bear as client ids: {@code <id>:<something>}. */
  static Language unlike(String self) {
    return but(self).minus(Names.beginningWith(self + ":"));
  }

  /** The topics that the filter means, with these ids as those of others. */
  static Language topics(String filter, Language others) {
    int last = filter.length();
    boolean all = filter.equals("#");
    boolean below = filter.endsWith("/#");
    var text = all ? "" : below ? filter.substring(0, last - 2) : filter;
    var automaton = Automaton.makeEmptyString();
    for (var piece : pieces(text)) {
      automaton =
          automaton.concatenate(
              piece instanceof Letters(var letters) ? levels(letters) : others.automaton());
    }
    if (below) {
      var tail = Names.letters("/").concatenate(Names.wellFormed().repeat());
      automaton = automaton.concatenate(tail.optional());
    }
    var topics = Language.of(all ? Names.wellFormed().repeat() : automaton).and(Names.TOPICS);
    return Filters.startsWild(filter) ? topics.minus(Names.beginningWith("$")) : topics;
  }

  private static Automaton levels(String text) {
    var automaton = Automaton.makeEmptyString();
    int at = 0;
    for (int plus = text.indexOf('+'); plus >= 0; plus = text.indexOf('+', at)) {
      automaton =
          automaton
              .concatenate(Names.word(text.substring(at, plus)))
              .concatenate(Names.inLevel().repeat());
      at = plus + 1;
    }
    return automaton.concatenate(Names.word(text.substring(at)));
  }

  /** What a pattern with the own name in it means to somebody else. */
  static Language topics(List<Piece> pieces, PolicyClass principals, Language others) {
    var automaton = Automaton.makeEmptyString();
    for (var piece : pieces) {
      automaton =
          automaton.concatenate(
              switch (piece) {
                case Letters(var text) -> Names.word(text);
                case AnyLetter() -> Names.wellFormed();
                case AnyRun() -> Names.wellFormed().repeat();
                case Value(var variable) when principals.isNamed(variable) -> others.automaton();
                case Value _ -> Names.wellFormed().repeat(1);
              });
    }
    return Language.of(automaton).and(Names.TOPICS);
  }
}
