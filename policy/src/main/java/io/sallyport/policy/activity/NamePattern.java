package io.sallyport.policy.activity;

import java.util.ArrayList;
import java.util.List;

/**
 * A name or several of one form, as a policy would write them: level by level, where {@code *} is a
 * level that varies, and as the last one whatever follows.
 *
 * @param levels each as a resource writes it
 */
public record NamePattern(List<String> levels) {
  /** A level that varies. */
  public static final String ANY = "*";

  /** Stands for names that could not be recorded: no name is empty. */
  public static final NamePattern UNRECORDED = new NamePattern(List.of(""));

  private static final String SEPARATOR = "/";

  /** Copies what could change. */
  public NamePattern {
    levels = List.copyOf(levels);
  }

  /** Exactly this name, whatever its letters mean to a policy. */
  public static NamePattern of(String name) {
    return parse(escaped(name));
  }

  /** Reads what {@link #text} wrote. */
  public static NamePattern parse(String text) {
    return new NamePattern(List.of(text.split(SEPARATOR, -1)));
  }

  /** Letters as a resource writes them when they mean themselves. */
  public static String escaped(String letters) {
    if (letters.indexOf('*') < 0 && letters.indexOf('?') < 0 && !letters.contains("${")) {
      return letters;
    }
    return letters
        .replace("${", "\0{")
        .replace("*", "${*}")
        .replace("?", "${?}")
        .replace("\0{", "${$}{");
  }

  /** As a resource writes it behind its type. */
  public String text() {
    return String.join(SEPARATOR, levels);
  }

  /** Whether it stands for more than one name. */
  public boolean isGeneral() {
    return levels.contains(ANY);
  }

  /** The same with another level in that place. */
  public NamePattern with(int place, String level) {
    var changed = new ArrayList<>(levels);
    changed.set(place, level);
    return new NamePattern(changed);
  }

  /** The first levels, and whatever follows. */
  NamePattern beginning(int depth) {
    var kept = new ArrayList<>(levels.subList(0, depth));
    kept.add(ANY);
    return new NamePattern(kept);
  }

  /** Whether everything that the other stands for has this form. */
  public boolean covers(NamePattern other) {
    int last = levels.size() - 1;
    boolean open = levels.get(last).equals(ANY);
    if (other.levels.size() < levels.size() || (!open && other.levels.size() > levels.size())) {
      return false;
    }
    for (int i = 0; i <= last; i++) {
      var level = levels.get(i);
      var theirs = other.levels.get(i);
      boolean fits = level.equals(ANY) || level.equals(theirs);
      // Their open end is many levels, mine in this place would be one.
      boolean wider = i < last && i == other.levels.size() - 1 && theirs.equals(ANY);
      if (!fits || wider) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return text();
  }
}
