package io.sallyport.policy.mosquitto;

import io.sallyport.policy.mosquitto.Shape.Step;
import io.sallyport.policy.mosquitto.TopicFilter.Level;
import io.sallyport.policy.mosquitto.TopicFilter.Piece;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A topic filter in the words of a policy. A {@code *} crosses levels where a {@code +} does not,
 * so the words may say more than the filter; the excess is what they say too much.
 *
 * @param names the patterns of the name; what is excluded instead if {@code excluding}
 * @param excluding whether the words are a NotResource
 * @param excess patterns of exactly the excess, which a Deny takes away; empty if there is none
 * @param separable whether those patterns say all of the excess and nothing of the filter
 * @param language what the filter matches
 * @param excessLanguage what the words match beyond
 */
record Wording(
    List<String> names,
    boolean excluding,
    List<String> excess,
    boolean separable,
    Shape language,
    List<Shape> excessLanguage) {
  /** Has the same value in the sessions of devices and of backends. */
  static final String USER = "${iot:Certificate.Subject.CommonName}";

  static final String CLIENT_ID = "${iot:ClientId}";

  /** Bound: the longest pattern of a name; with what an ARN puts in front a resource of 1 024. */
  private static final int LENGTH_MAX = 960;

  private static final List<String> BEGINS_WITH_DOLLAR = List.of("$*");

  Wording {
    names = List.copyOf(names);
    excess = List.copyOf(excess);
    excessLanguage = List.copyOf(excessLanguage);
  }

  /**
   * Finds the words.
   *
   * @param user whose rights it is about, or null for anybody's
   */
  static Wording of(TopicFilter filter, @Nullable String user) {
    return new Writer(filter, user).wording();
  }

  /** Whether there is nothing that these words say too much. */
  boolean isExact() {
    return excessLanguage.isEmpty();
  }

  /** Why no policy says the filter and nothing else. */
  String whyNot() {
    return excessLanguage.contains(Shape.everything())
        ? "too long for a resource, or a control character in it"
        : "no policy says a '+' with names behind it and a '#' at the end: write '+' for '#', in"
            + " one line of the depth in use";
  }

  private record Writer(TopicFilter filter, @Nullable String user) {
    Wording wording() {
      int tail = filter.anyBeforeRest();
      var core = filter.levels().subList(0, filter.levels().size() - tail);
      if (core.isEmpty() && filter.open() && tail <= 1) {
        return new Wording(BEGINS_WITH_DOLLAR, true, List.of(), true, language(), List.of());
      }
      var names = names(core, tail);
      if (!names.stream().allMatch(Writer::isWritable)) {
        return new Wording(
            List.of("*"), false, List.of(), false, language(), List.of(Shape.everything()));
      }
      boolean crosses = core.contains(TopicFilter.ANY);
      var excess = new LinkedHashSet<String>();
      var beyond = new ArrayList<Shape>();
      if (crosses) {
        addDeeper(core, excess, beyond);
      }
      if (filter.beginsWild()) {
        names.forEach(name -> excess.add("$" + name));
        beyond.add(dollars());
      }
      boolean separable =
          !(crosses && filter.open()) && excess.stream().allMatch(Writer::isWritable);
      return new Wording(names, false, List.copyOf(excess), separable, language(), beyond);
    }

    private List<String> names(List<Level> core, int tail) {
      var stem = String.join("/", core.stream().map(this::word).toList());
      if (!filter.open()) {
        return List.of(stem);
      }
      if (tail == 0) {
        // The parent of '/#' would be the empty topic, which is none.
        return stem.isEmpty() ? List.of("/*") : List.of(stem, stem + "/*");
      }
      var stars = "*" + "/*".repeat(tail - 1);
      return List.of(core.isEmpty() ? stars : stem + "/" + stars);
    }

    /** Topics in which a star for a {@code +} has run over a level's end. */
    private void addDeeper(List<Level> core, Set<String> excess, List<Shape> beyond) {
      for (int at = 0; at < core.size(); at++) {
        if (core.get(at).equals(TopicFilter.ANY)) {
          int wide = at;
          var words = new ArrayList<String>();
          for (int i = 0; i < core.size(); i++) {
            words.add(i == wide ? "*/*" : word(core.get(i)));
          }
          if (!filter.open()) {
            excess.add(String.join("/", words));
          }
          beyond.add(new Shape(false, stretched(wide)));
        }
      }
    }

    private List<Step> stretched(int wide) {
      var steps = new ArrayList<Step>();
      for (int i = 0; i < filter.levels().size(); i++) {
        var level = filter.levels().get(i);
        steps.add(step(level));
        if (level.equals(TopicFilter.ANY)) {
          if (i == wide) {
            steps.add(Shape.ONE);
          }
          steps.add(Shape.MANY);
        }
      }
      return opened(steps);
    }

    /** Topics whose first level begins with a dollar, which no wildcard stands for. */
    private Shape dollars() {
      var steps = new ArrayList<Step>();
      for (int i = 0; i < filter.levels().size(); i++) {
        var level = filter.levels().get(i);
        steps.add(i == 0 ? new Step.Named("$" + Shape.ANY) : step(level));
        if (level.equals(TopicFilter.ANY)) {
          steps.add(Shape.MANY);
        }
      }
      return new Shape(false, opened(steps));
    }

    private Shape language() {
      return new Shape(
          filter.beginsWild(), opened(filter.levels().stream().map(this::step).toList()));
    }

    private List<Step> opened(List<Step> steps) {
      var all = new ArrayList<>(steps);
      if (filter.open()) {
        all.add(Shape.MANY);
      }
      return all;
    }

    private String word(Level level) {
      return switch (level) {
        case Level.Any() -> "*";
        case Level.Name(var pieces) -> String.join("", pieces.stream().map(Writer::word).toList());
      };
    }

    private static String word(Piece piece) {
      return switch (piece) {
        case Piece.ClientId() -> CLIENT_ID;
        case Piece.User() -> USER;
        case Piece.Text(var letters) -> literal(letters);
      };
    }

    private static String literal(String letters) {
      var text = new StringBuilder();
      for (int i = 0; i < letters.length(); i++) {
        switch (letters.charAt(i)) {
          case '*' -> text.append("${*}");
          case '?' -> text.append("${?}");
          case '$' -> text.append(letters.startsWith("{", i + 1) ? "${$}" : "$");
          default -> text.append(letters.charAt(i));
        }
      }
      return text.toString();
    }

    private Step step(Level level) {
      return switch (level) {
        case Level.Any() -> Shape.ONE;
        case Level.Name(var pieces) ->
            new Step.Named(String.join("", pieces.stream().map(this::possible).toList()));
      };
    }

    /** Which letters a piece can stand for, of the client ids that may connect here. */
    private String possible(Piece piece) {
      return switch (piece) {
        case Piece.Text(var letters) -> letters;
        case Piece.User() -> user == null ? String.valueOf(Shape.ANY) : user;
        case Piece.ClientId() -> user == null ? String.valueOf(Shape.ANY) : user + Shape.ANY;
      };
    }

    private static boolean isWritable(String name) {
      return name.length() <= LENGTH_MAX
          && name.codePoints()
              .noneMatch(
                  letter ->
                      Character.isISOControl(letter)
                          || (letter >= Character.MIN_SURROGATE
                              && letter <= Character.MAX_SURROGATE));
    }
  }
}
