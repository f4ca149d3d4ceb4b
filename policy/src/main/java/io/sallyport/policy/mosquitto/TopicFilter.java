package io.sallyport.policy.mosquitto;

import java.util.ArrayList;
import java.util.List;

/**
 * The topic filter of a rule, taken apart.
 *
 * @param levels every level but a {@code #} at the end
 * @param open whether it ends with {@code #}
 */
record TopicFilter(List<Level> levels, boolean open) {
  /** One level of a filter. */
  sealed interface Level {
    /** A level of this name. */
    record Name(List<Piece> pieces) implements Level {
      public Name {
        pieces = List.copyOf(pieces);
      }
    }

    /** A {@code +}. */
    record Any() implements Level {}
  }

  /** A part of a level's name. */
  sealed interface Piece {
    /** These letters. */
    record Text(String letters) implements Piece {}

    /** What stands for {@code %c}. */
    record ClientId() implements Piece {}

    /** What stands for {@code %u}. */
    record User() implements Piece {}
  }

  static final Level ANY = new Level.Any();

  TopicFilter {
    levels = List.copyOf(levels);
  }

  /** Takes a valid filter apart; {@code %c} and {@code %u} are letters outside of patterns. */
  static TopicFilter of(AclLine line) {
    var levels = new ArrayList<Level>();
    boolean open = false;
    for (var level : line.filter().split("/", -1)) {
      switch (level) {
        case "#" -> open = true;
        case "+" -> levels.add(ANY);
        default -> levels.add(new Level.Name(pieces(level, line.isPattern())));
      }
    }
    return new TopicFilter(levels, open);
  }

  private static List<Piece> pieces(String level, boolean variables) {
    var pieces = new ArrayList<Piece>();
    int start = 0;
    for (int at = 0; variables && at + 1 < level.length(); at++) {
      var variable = level.substring(at, at + 2);
      if (variable.equals("%c") || variable.equals("%u")) {
        addText(level.substring(start, at), pieces);
        pieces.add(variable.equals("%c") ? new Piece.ClientId() : new Piece.User());
        start = at + 2;
        at++;
      }
    }
    addText(level.substring(start), pieces);
    return pieces;
  }

  private static void addText(String letters, List<Piece> pieces) {
    if (!letters.isEmpty()) {
      pieces.add(new Piece.Text(letters));
    }
  }

  /** Whether it begins with a wildcard, which never stands for a first level with a {@code $}. */
  boolean beginsWild() {
    return levels.isEmpty() || levels.getFirst().equals(ANY);
  }

  /** How many {@code +} there are right before a {@code #}. */
  int anyBeforeRest() {
    int count = 0;
    while (open && count < levels.size() && levels.get(levels.size() - 1 - count).equals(ANY)) {
      count++;
    }
    return count;
  }

  /** Whether everything that the other matches is certainly matched by this one, too. */
  boolean covers(TopicFilter other) {
    if (beginsWild() && !other.beginsWild() && other.mayBeginWithDollar()) {
      return false;
    }
    for (int i = 0; i < levels.size(); i++) {
      if (i == other.levels.size()
          || !(levels.get(i).equals(ANY) || levels.get(i).equals(other.levels.get(i)))) {
        return false;
      }
    }
    return open || (!other.open && levels.size() == other.levels.size());
  }

  private boolean mayBeginWithDollar() {
    return !(levels.getFirst() instanceof Level.Name(var pieces))
        || (!pieces.isEmpty()
            && pieces.getFirst() instanceof Piece.Text(var letters)
            && letters.startsWith("$"));
  }
}
