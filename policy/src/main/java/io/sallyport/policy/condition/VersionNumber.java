package io.sallyport.policy.condition;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A version such as {@code 1.4.0-rc.2+build7}, ordered as Semantic Versioning 2.0.0 orders them
 * (section 11), with one to six numbers; those that are left out are 0.
 */
record VersionNumber(List<BigInteger> numbers, List<String> preRelease)
    implements Comparable<VersionNumber> {
  private static final Pattern SHAPE =
      Pattern.compile(
          "v?([0-9]{1,18}(?:\\.[0-9]{1,18}){0,5})"
              + "(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z.-]+)?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  // Bound: no firmware says more of itself.
  private static final int LENGTH_MAX = 128;

  static Optional<VersionNumber> parse(String text) {
    var shape = SHAPE.matcher(text);
    if (text.length() > LENGTH_MAX || !shape.matches()) {
      return Optional.empty();
    }
    var numbers = Stream.of(shape.group(1).split("\\.")).map(BigInteger::new).toList();
    var preRelease = shape.group(2) == null ? List.<String>of() : identifiers(shape.group(2));
    return Optional.of(new VersionNumber(numbers, preRelease));
  }

  private static List<String> identifiers(String text) {
    return List.of(text.split("\\."));
  }

  @Override
  public int compareTo(VersionNumber other) {
    for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
      int comparison = number(i).compareTo(other.number(i));
      if (comparison != 0) {
        return comparison;
      }
    }
    if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
      return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
    }
    for (int i = 0; i < Math.min(preRelease.size(), other.preRelease.size()); i++) {
      int comparison = identifier(preRelease.get(i), other.preRelease.get(i));
      if (comparison != 0) {
        return comparison;
      }
    }
    return Integer.compare(preRelease.size(), other.preRelease.size());
  }

  private BigInteger number(int index) {
    return index < numbers.size() ? numbers.get(index) : BigInteger.ZERO;
  }

  /** Numbers are compared as such and come before words. */
  private static int identifier(String one, String other) {
    boolean oneNumber = NUMBER.matcher(one).matches();
    boolean otherNumber = NUMBER.matcher(other).matches();
    if (oneNumber && otherNumber) {
      return new BigInteger(one).compareTo(new BigInteger(other));
    }
    return oneNumber == otherNumber ? one.compareTo(other) : oneNumber ? -1 : 1;
  }
}
