package io.sallyport.policy;

import io.sallyport.policy.GlobItem.AnyLetter;
import io.sallyport.policy.GlobItem.AnyRun;
import io.sallyport.policy.GlobItem.Letter;
import io.sallyport.policy.GlobItem.Value;
import io.sallyport.policy.MalformedPolicy.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The part of a resource that decides: type and name, as a pattern over {@code type/name}. */
final class ResourcePattern {
  /** Bound: the longest resource, which bounds the time of one decision with it. */
  static final int LENGTH_MAX = 1024;

  private static final Letter SLASH = new Letter('/');

  private static final Set<String> TYPES =
      Set.of("client", "topic", "topicfilter", "thing", "rolealias", "sharegroup");

  /**
   * Region and account may hold wildcards, which never run over a colon: so a forgotten segment is
   * an error here and not a right that nobody meant.
   */
  private static final Pattern ARN =
      Pattern.compile(
          "arn:aws(?:-[a-z]{1,16}){0,3}:iot:[a-z0-9*?-]+:[0-9*?]+:(.+)", Pattern.DOTALL);

  private final List<GlobItem> items;
  private final List<GlobItem> type;
  private final Set<Variable> variables;

  private ResourcePattern(List<GlobItem> items) {
    this.items = GlobItem.collapsed(items);
    int slash = this.items.indexOf(SLASH);
    this.type = this.items.subList(0, slash < 0 ? this.items.size() : slash);
    this.variables = variables(this.items);
  }

  private static Set<Variable> variables(List<GlobItem> items) {
    var variables = new HashSet<Variable>();
    for (var item : items) {
      if (item instanceof Value(var variable)) {
        variables.add(variable);
      }
    }
    return Set.copyOf(variables);
  }

  /** Reads {@code *} or an ARN. */
  static ResourcePattern parse(Text resource, boolean variables) throws MalformedPolicy {
    resource.printable(LENGTH_MAX);
    if (resource.value().equals("*")) {
      return new ResourcePattern(List.of(GlobItem.ANY_RUN));
    }
    var arn = ARN.matcher(resource.value());
    if (!arn.matches()) {
      throw resource.refuse(
          Reason.RESOURCE,
          "not '*' and not of the form 'arn:aws:iot:<region>:<account>:<type>/<name>': "
              + resource.quoted());
    }
    var pattern =
        new ResourcePattern(
            variables
                ? new VariableScanner(new Text(arn.group(1), resource.at())).items()
                : GlobItem.wildcards(arn.group(1)));
    pattern.checkType(resource);
    return pattern;
  }

  /** Type and name of an ARN as it is written; null if it is none of AWS IoT. */
  static @Nullable String resourceOf(String arn) {
    var parts = ARN.matcher(arn);
    return parts.matches() ? parts.group(1) : null;
  }

  private void checkType(Text resource) throws MalformedPolicy {
    if (type.stream().anyMatch(Value.class::isInstance)) {
      throw resource.refuse(
          Reason.RESOURCE, "a variable cannot stand for the type: " + resource.quoted());
    }
    if (TYPES.stream().allMatch(known -> namesOf(known).isEmpty())) {
      throw resource.refuse(
          Reason.RESOURCE, "no known type followed by '/' and a name: " + resource.quoted());
    }
  }

  /** Type and name, element by element. */
  List<GlobItem> items() {
    return items;
  }

  /** The variables of the name. */
  Set<Variable> variables() {
    return variables;
  }

  /** Every name of the same type; everything if the type itself is a pattern. */
  ResourcePattern widened() {
    if (!hasPlainType()) {
      return new ResourcePattern(List.of(GlobItem.ANY_RUN));
    }
    var widened = new ArrayList<>(type);
    widened.add(SLASH);
    widened.add(GlobItem.ANY_RUN);
    return new ResourcePattern(widened);
  }

  private boolean hasPlainType() {
    return type.size() < items.size() && type.stream().allMatch(Letter.class::isInstance);
  }

  /**
   * The patterns that a name of this type must match one of: what is left of the whole pattern when
   * {@code type/} has been read. Only a type with wildcards leaves more than one.
   */
  List<List<GlobItem>> namesOf(String wanted) {
    var reached = new TreeSet<>(Set.of(0));
    int[] letters = (wanted + '/').codePoints().toArray();
    for (int i = 0; i < letters.length && !reached.isEmpty(); i++) {
      var next = new TreeSet<Integer>();
      for (int position : reached) {
        step(position, letters[i], next);
      }
      reached = next;
    }
    return reached.stream()
        .filter(position -> position < items.size())
        .map(position -> items.subList(position, items.size()))
        .toList();
  }

  private void step(int position, int letter, Set<Integer> next) {
    if (position == items.size()) {
      return;
    }
    switch (items.get(position)) {
      case Letter(int expected) -> {
        if (letter == expected) {
          next.add(position + 1);
        }
      }
      case AnyLetter() -> next.add(position + 1);
      case AnyRun() -> {
        next.add(position);
        step(position + 1, letter, next);
      }
      case Value _ -> {
        // Unreachable by a type: parse has refused variables in front of the first slash.
      }
    }
  }

  /** As documents write it behind region and account. */
  @Override
  public String toString() {
    return items.stream().map(GlobItem::written).collect(Collectors.joining());
  }
}
