package io.sallyport.app.configuration;

import io.sallyport.gateway.defence.AddressBlock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One key of the configuration file.
 *
 * @param path its sections and its name, joined by dots
 * @param unit what a value looks like, for people
 * @param fallback the value when the file does not name the key
 * @param shown the fallback as the file would write it
 * @param meaning one sentence for the documentation
 * @param list whether the file gives a sequence of scalars
 * @param isLive whether a reload changes it in a running server
 * @param parser from the scalars to the value; throws IllegalArgumentException with what is wrong
 */
public record Key<T>(
    String path,
    String unit,
    T fallback,
    String shown,
    String meaning,
    boolean list,
    boolean isLive,
    Function<List<String>, T> parser) {
  /** Stands in a path for a name that the file gives. */
  static final String NAME = "<name>";

  // Bound: each is looked at for every connection.
  private static final int BLOCKS_MAX = 64;

  private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,12}) ?([A-Za-z]*)");
  private static final String NAMES = "name of a-z, 0-9 and -, at most 32 characters";
  private static final Pattern NAMING = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Map<String, Long> SIZES =
      Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
  private static final Map<String, Duration> TIMES =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  static Key<Integer> number(String path, int from, int to, int fallback, String meaning) {
    return scalar(
        path,
        "number, " + from + " to " + to,
        fallback,
        Integer.toString(fallback),
        meaning,
        text -> (int) whole(text, from, to));
  }

  /** As {@link #number}, beyond what an int holds. */
  static Key<Long> count(String path, long from, long to, long fallback, String meaning) {
    return scalar(
        path,
        "number, " + from + " to " + to,
        fallback,
        Long.toString(fallback),
        meaning,
        text -> whole(text, from, to));
  }

  private static long whole(String text, long from, long to) {
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
    }
    if (value < from || value > to) {
      throw new IllegalArgumentException(value + " is not between " + from + " and " + to);
    }
    return value;
  }

  static Key<Long> size(String path, long from, long to, String fallback, String meaning) {
    return scalar(
        path,
        "size (B, KiB, MiB, GiB), " + from + " B to " + to + " B",
        bytes(fallback, from, to),
        fallback,
        meaning,
        text -> bytes(text, from, to));
  }

  private static long bytes(String text, long from, long to) {
    var quantity = QUANTITY.matcher(text);
    var unit = quantity.matches() ? SIZES.get(quantity.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("'" + text + "' is not a size such as 256KiB");
    }
    var value = Math.multiplyExact(Long.parseLong(quantity.group(1)), unit);
    if (value < from || value > to) {
      throw new IllegalArgumentException(text + " is not between " + from + " B and " + to + " B");
    }
    return value;
  }

  static Key<Duration> time(String path, String from, String to, String fallback, String meaning) {
    var least = duration(from);
    var most = duration(to);
    return scalar(
        path,
        "time (ms, s, m, h, d), " + from + " to " + to,
        duration(fallback),
        fallback,
        meaning,
        text -> {
          var value = duration(text);
          if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(text + " is not between " + from + " and " + to);
          }
          return value;
        });
  }

  private static Duration duration(String text) {
    var quantity = QUANTITY.matcher(text);
    var unit = quantity.matches() ? TIMES.get(quantity.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("'" + text + "' is not a time such as 10s");
    }
    return unit.multipliedBy(Long.parseLong(quantity.group(1)));
  }

  static Key<Boolean> flag(String path, boolean fallback, String meaning) {
    return scalar(
        path,
        "true or false",
        fallback,
        Boolean.toString(fallback),
        meaning,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("'" + text + "' is not true or false");
            });
  }

  static <E extends Enum<E>> Key<E> choice(String path, Class<E> of, E fallback, String meaning) {
    var words = Arrays.stream(of.getEnumConstants()).map(Key::word).toList();
    return scalar(
        path,
        String.join(" or ", words),
        fallback,
        word(fallback),
        meaning,
        text -> {
          var place = words.indexOf(text);
          if (place < 0) {
            throw new IllegalArgumentException(
                "'" + text + "' is not one of: " + String.join(", ", words));
          }
          return of.getEnumConstants()[place];
        });
  }

  /** A choice whose default depends on something else, which {@code shown} says. */
  static <E extends Enum<E>> Key<Optional<E>> optionalChoice(
      String path, Class<E> of, String shown, String meaning) {
    var choice = choice(path, of, of.getEnumConstants()[0], meaning);
    return scalar(
        path,
        choice.unit,
        Optional.empty(),
        shown,
        meaning,
        text -> Optional.of(choice.parser.apply(List.of(text))));
  }

  static Key<String> name(String path, String fallback, String meaning) {
    return scalar(path, NAMES, fallback, fallback, meaning, Key::checkedName);
  }

  /** The text, if it may name a part of the configuration. */
  static String checkedName(String text) {
    if (!NAMING.matcher(text).matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a name");
    }
    return text;
  }

  /** The key for one of the names that the file gives. */
  public Key<T> of(String name) {
    return new Key<>(
        path.replace(NAME, name), unit, fallback, shown, meaning, list, isLive, parser);
  }

  /** The same, but changed in a running server by a reload. */
  Key<T> live() {
    return new Key<>(path, unit, fallback, shown, meaning, list, true, parser);
  }

  /** A constant as the file writes it. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Key<String> text(String path, String unit, String fallback, String meaning) {
    return scalar(path, unit, fallback, fallback, meaning, text -> text);
  }

  static Key<List<String>> texts(String path, String unit, List<String> fallback, String meaning) {
    return new Key<>(
        path,
        unit,
        List.copyOf(fallback),
        "[" + String.join(", ", fallback) + "]",
        meaning,
        true,
        false,
        List::copyOf);
  }

  /** Blocks of addresses. */
  static Key<List<AddressBlock>> blocks(String path, List<String> fallback, String meaning) {
    return new Key<>(
        path,
        "addresses, or blocks such as 10.0.0.0/8, at most " + BLOCKS_MAX,
        blocks(fallback),
        "[" + String.join(", ", fallback) + "]",
        meaning,
        true,
        false,
        Key::blocks);
  }

  private static List<AddressBlock> blocks(List<String> texts) {
    if (texts.size() > BLOCKS_MAX) {
      throw new IllegalArgumentException("there may be " + BLOCKS_MAX + " addresses");
    }
    return texts.stream().map(AddressBlock::parse).toList();
  }

  private static <T> Key<T> scalar(
      String path,
      String unit,
      T fallback,
      String shown,
      String meaning,
      Function<String, T> parser) {
    return new Key<>(
        path,
        unit,
        fallback,
        shown,
        meaning,
        false,
        false,
        texts -> parser.apply(texts.getFirst()));
  }
}
