package io.sallyport.policy.analysis;

import io.sallyport.policy.Action;
import io.sallyport.policy.Requirement;
import io.sallyport.policy.StatementView;
import io.sallyport.policy.Subject;
import io.sallyport.policy.condition.Truth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What conditions can come to. What the registry knows is evaluated; of every other key an example
 * of each kind of value is tried, and of a condition that no examples can cover each truth. So
 * statements with equal conditions apply together, and those with opposite ones never.
 */
final class Circumstances {
  /** Bound: combinations; beyond them every condition may hold or not, each for itself. */
  static final int COMBINATIONS_MAX = 1_024;

  private static final String SECURE_TRANSPORT = "aws:SecureTransport";
  private static final String OTHER = "other";
  private static final String LIST = ".List";

  private final PolicyClass principals;
  private final Subject subject;
  private final Map<String, List<Requirement>> open = new TreeMap<>();

  /** One unknown: a key with a value or none, or a condition with a truth. */
  private record Unknown(boolean lasts, List<Choice> choices) {}

  /** One thing that it may be. */
  record Choice(String key, Optional<String> value, Map<String, Truth> truths) {
    String said() {
      if (truths.isEmpty()) {
        return key + (value.isEmpty() ? " has no value" : " is " + value.get());
      }
      var truth = truths.entrySet().iterator().next();
      return truth.getKey()
          + switch (truth.getValue()) {
            case TRUE -> " holds";
            case FALSE -> " does not hold";
            case UNKNOWN -> " cannot be known";
          };
    }
  }

  /**
   * What a session may meet with: at one moment this, at another that.
   *
   * @param moments every moment that there may be; none where they are too many
   * @param all those of every session
   */
  record Session(List<Moment> moments, List<Moment> all) {
    /** Each different set of statements that may apply to an action, unconditional by now. */
    List<Case> cases(Action action, List<StatementView> statements) {
      if (moments.isEmpty()) {
        return List.of(possible(action, statements));
      }
      var cases = new LinkedHashMap<List<StatementView>, Case>();
      for (var moment : moments) {
        var applying = moment.applying(action, statements);
        cases.putIfAbsent(applying, new Case(applying, moment.said(action, statements)));
      }
      if (cases.size() > 1) {
        return List.copyOf(cases.values());
      }
      var only = cases.firstEntry().getKey();
      boolean always =
          all.stream().allMatch(moment -> moment.applying(action, statements).equals(only));
      var when = always ? List.<String>of() : moments.getFirst().saidForever(action, statements);
      return List.of(new Case(only, when));
    }

    /** The statements of two lists that apply to an action at one moment. */
    List<Pair> pairs(Action action, List<StatementView> first, List<StatementView> second) {
      if (moments.isEmpty()) {
        var one = possible(action, first);
        var other = possible(action, second);
        return List.of(new Pair(one.statements(), other.statements(), one.when()));
      }
      var pairs = new LinkedHashMap<List<List<StatementView>>, Pair>();
      for (var moment : moments) {
        var one = moment.applying(action, first);
        var other = moment.applying(action, second);
        var when = new LinkedHashSet<>(moment.said(action, first));
        when.addAll(moment.said(action, second));
        pairs.putIfAbsent(List.of(one, other), new Pair(one, other, List.copyOf(when)));
      }
      return List.copyOf(pairs.values());
    }

    /** All that some condition may allow, where there are too many of them to tell apart. */
    private static Case possible(Action action, List<StatementView> statements) {
      return new Case(
          statements.stream()
              .filter(one -> one.actions().contains(action) && Certainty.POSSIBLE.counts(one))
              .map(StatementView::settled)
              .toList(),
          List.of("the conditions are too many to tell apart"));
    }
  }

  /**
   * The statements that apply, and when they do.
   *
   * @param when the facts that it depends on, in words
   */
  record Case(List<StatementView> statements, List<String> when) {}

  /** What applies at one moment out of two lists of statements. */
  record Pair(List<StatementView> first, List<StatementView> second, List<String> when) {}

  /** All facts at one moment; none where there are too many to tell apart. */
  private record Facts(
      Map<String, List<String>> values, Map<String, Truth> truths, Map<String, String> said) {}

  /** One moment. */
  final class Moment {
    private final Facts facts;

    Moment(List<Choice> choices) {
      var values = new HashMap<String, List<String>>();
      var truths = new HashMap<String, Truth>();
      var said = new TreeMap<String, String>();
      for (var choice : choices) {
        choice.value.ifPresent(value -> values.put(choice.key, List.of(value)));
        truths.putAll(choice.truths);
        var about = choice.truths.isEmpty() ? choice.key : choice.truths.keySet().iterator().next();
        said.put(about, choice.said());
      }
      facts = new Facts(Map.copyOf(values), Map.copyOf(truths), said);
    }

    private List<StatementView> applying(Action action, List<StatementView> statements) {
      return statements.stream()
          .filter(one -> one.actions().contains(action) && applies(one, action))
          .map(StatementView::settled)
          .toList();
    }

    private boolean applies(StatementView statement, Action action) {
      var truth = Truth.TRUE;
      for (var condition : statement.conditions()) {
        truth = truth.and(truth(condition, action));
      }
      return statement.allows() ? truth == Truth.TRUE : truth != Truth.FALSE;
    }

    private Truth truth(Requirement condition, Action action) {
      var assumed = condition.isAsked(action) ? facts.truths.get(condition.text()) : null;
      return assumed == null ? condition.holds(action, subject, facts.values) : assumed;
    }

    /** The facts that the statements on this action look at. */
    private List<String> said(Action action, List<StatementView> statements) {
      return said(action, statements, false);
    }

    /** Of them those that do not change in a session. */
    private List<String> saidForever(Action action, List<StatementView> statements) {
      return said(action, statements, true);
    }

    private List<String> said(Action action, List<StatementView> statements, boolean onlyLasting) {
      var said = new LinkedHashSet<String>();
      for (var statement : statements) {
        for (var condition : statement.conditions()) {
          for (var about : List.of(condition.key(), condition.text())) {
            var one = facts.said.get(about);
            if (one != null
                && statement.actions().contains(action)
                && (condition.lasts() || !onlyLasting)) {
              said.add(one);
            }
          }
        }
      }
      return List.copyOf(said);
    }
  }

  private Circumstances(PolicyClass principals, String name) {
    this.principals = principals;
    this.subject = principals.subject(name);
  }

  /** Whether a condition compares the name of the principal with texts. */
  static boolean isOfName(Requirement condition, PolicyClass principals) {
    return !condition.hasVariables()
        && isKnown(condition, principals)
        && principals.isNamed(condition.key())
        && condition.patterns().isPresent();
  }

  private static boolean isKnown(Requirement condition, PolicyClass principals) {
    var key = condition.key();
    return !key.equals(PolicyClass.CLIENT_ID) && !key.endsWith(LIST) && principals.isKnown(key);
  }

  /** Every session that the member of this name can have, as far as the statements can tell. */
  static List<Session> of(PolicyClass principals, String name, List<StatementView> statements) {
    var circumstances = new Circumstances(principals, name);
    statements.stream()
        .flatMap(statement -> statement.conditions().stream())
        .filter(condition -> !circumstances.isSettled(condition))
        .forEach(
            condition ->
                circumstances
                    .open
                    .computeIfAbsent(condition.key(), _ -> new ArrayList<>())
                    .add(condition));
    return circumstances.sessions();
  }

  private boolean isSettled(Requirement condition) {
    if (condition.hasVariables() || !isKnown(condition, principals)) {
      return false;
    }
    return !principals.isNamed(condition.key()) || condition.patterns().isPresent();
  }

  private List<Session> sessions() {
    var unknowns = new ArrayList<Unknown>();
    open.forEach((key, conditions) -> unknowns.addAll(unknowns(key, conditions)));
    long combinations = 1;
    for (var unknown : unknowns) {
      combinations *= unknown.choices.size();
      if (combinations > COMBINATIONS_MAX) {
        return List.of(new Session(List.of(), List.of()));
      }
    }
    var lasting = unknowns.stream().filter(Unknown::lasts).toList();
    var passing = unknowns.stream().filter(unknown -> !unknown.lasts).toList();
    var sessions =
        combinations(lasting).stream().map(session -> moments(session, passing)).toList();
    var all = sessions.stream().flatMap(List::stream).toList();
    return sessions.stream().map(moments -> new Session(moments, all)).toList();
  }

  private List<Moment> moments(List<Choice> lasting, List<Unknown> passing) {
    return combinations(passing).stream()
        .map(
            choices -> {
              var all = new ArrayList<>(lasting);
              all.addAll(choices);
              return new Moment(all);
            })
        .toList();
  }

  private static List<List<Choice>> combinations(List<Unknown> unknowns) {
    List<List<Choice>> combinations = List.of(List.of());
    for (var unknown : unknowns) {
      var longer = new ArrayList<List<Choice>>();
      for (var one : combinations) {
        for (var choice : unknown.choices) {
          var more = new ArrayList<>(one);
          more.add(choice);
          longer.add(more);
        }
      }
      combinations = longer;
    }
    return combinations;
  }

  private static List<Unknown> unknowns(String key, List<Requirement> conditions) {
    boolean lasts = conditions.getFirst().lasts();
    Set<String> values = new LinkedHashSet<>();
    for (var condition : conditions) {
      var examples = condition.examples();
      if (examples.isEmpty()) {
        return truths(key, lasts, conditions);
      }
      values.addAll(examples.get());
    }
    var choices = new ArrayList<Choice>();
    if (key.equals(SECURE_TRANSPORT)) {
      // There is no other listener.
      return List.of(new Unknown(lasts, List.of(new Choice(key, Optional.of("true"), Map.of()))));
    }
    values.forEach(value -> choices.add(new Choice(key, Optional.of(value), Map.of())));
    if (!conditions.getFirst().isClosed()) {
      choices.add(new Choice(key, Optional.of(fresh(values)), Map.of()));
    }
    choices.add(new Choice(key, Optional.empty(), Map.of()));
    return List.of(new Unknown(lasts, choices));
  }

  private static String fresh(Set<String> values) {
    var fresh = new StringBuilder(OTHER);
    while (values.stream().anyMatch(value -> value.equalsIgnoreCase(fresh.toString()))) {
      fresh.append('-');
    }
    return fresh.toString();
  }

  private static List<Unknown> truths(String key, boolean lasts, List<Requirement> conditions) {
    return conditions.stream()
        .map(Requirement::text)
        .distinct()
        .map(
            text ->
                new Unknown(
                    lasts,
                    List.of(Truth.TRUE, Truth.FALSE, Truth.UNKNOWN).stream()
                        .map(truth -> new Choice(key, Optional.empty(), Map.of(text, truth)))
                        .toList()))
        .toList();
  }
}
