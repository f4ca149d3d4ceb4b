package io.sallyport.policy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One condition, decided over Strings by the tables of docs/policy.md; null is "unknown". */
record NaiveCondition(String operator, String key, List<String> values) {
  String json() {
    return "{\"%s\": {\"%s\": %s}}"
        .formatted(operator, key, values.stream().map(value -> '"' + value + '"').toList());
  }

  /** What is known of a request, key by key. */
  static Map<String, List<String>> facts(Subject subject, RequestContext request) {
    var facts = new HashMap<String, List<String>>();
    put(facts, "iot:ClientId", subject.clientId());
    put(facts, "iot:Connection.Thing.ThingName", subject.thingName());
    put(facts, "iot:Connection.Thing.Attributes[k]", subject.thingAttributes().get("k"));
    put(facts, "aws:SourceIp", subject.connection().sourceAddress());
    put(facts, "sallyport:DeviceTag/t", subject.live().tags().get("t"));
    put(facts, "sallyport:FirmwareVersion", subject.live().firmwareVersion());
    put(facts, "sallyport:Attested", subject.live().attested());
    put(facts, "sallyport:CertificateAge", subject.live().certificateAgeDays());
    var now = subject.live().now();
    put(facts, "aws:CurrentTime", now);
    put(facts, "sallyport:TimeOfDay", now == null ? null : now.toString().substring(11, 16));
    facts.put(
        "iot:Certificate.Subject.Organization.List",
        subject.certificate().apply("Subject.Organization"));
    facts.put("iot:ConnectAttributes", request.connectAttributes());
    put(facts, "iot:LastWillTopic", request.lastWillTopic());
    return facts;
  }

  private static void put(Map<String, List<String>> facts, String key, @Nullable Object value) {
    facts.put(key, value == null ? List.of() : List.of(value.toString()));
  }

  /** Whether it holds; expected are the values with their variables put in, null without one. */
  @Nullable Boolean holds(
      Map<String, List<String>> facts,
      Mode mode,
      Action action,
      @Nullable List<List<NaivePolicy.Token>> expected) {
    if (expected == null) {
      return mode == Mode.STRICT ? null : Boolean.FALSE;
    }
    boolean ofRequest = key.equals("iot:ConnectAttributes") || key.equals("iot:LastWillTopic");
    var actual =
        ofRequest && action != Action.CONNECT
            ? List.<String>of()
            : facts.getOrDefault(key, List.of());
    var test = operator.substring(operator.indexOf(':') + 1);
    if (test.equals("Null")) {
      return values.contains(Boolean.toString(actual.isEmpty()));
    }
    boolean all = operator.startsWith("ForAllValues:");
    boolean any = operator.startsWith("ForAnyValue:");
    boolean negated = test.contains("Not");
    if (actual.isEmpty()) {
      if (test.endsWith("IfExists")) {
        return true;
      }
      if (mode == Mode.STRICT && !ofRequest) {
        return null;
      }
      return !any && (all || negated);
    }
    var results = new ArrayList<@Nullable Boolean>();
    for (var value : actual) {
      var fits = fits(test.replace("Not", "").replace("IfExists", ""), value, expected);
      if (fits == null && mode == Mode.AWS_COMPAT) {
        fits = false;
      }
      results.add(fits == null ? null : fits != negated);
    }
    return all ? every(results) : some(results);
  }

  private static @Nullable Boolean every(List<@Nullable Boolean> results) {
    return results.contains(false) ? Boolean.FALSE : results.contains(null) ? null : Boolean.TRUE;
  }

  private static @Nullable Boolean some(List<@Nullable Boolean> results) {
    return results.contains(true) ? Boolean.TRUE : results.contains(null) ? null : Boolean.FALSE;
  }

  private static @Nullable Boolean fits(
      String test, String actual, List<List<NaivePolicy.Token>> expected) {
    var results = new ArrayList<@Nullable Boolean>();
    for (var one : expected) {
      var text = new StringBuilder();
      one.forEach(token -> text.append(token.letter()));
      results.add(
          switch (test) {
            case "StringEquals" -> text.toString().equals(actual);
            case "StringEqualsIgnoreCase" -> text.toString().equalsIgnoreCase(actual);
            case "StringLike" -> NaivePolicy.matches(one, NaivePolicy.letters(actual));
            case "ArnLike" ->
                NaivePolicy.matches(one, NaivePolicy.letters("arn:aws:iot:*:*:topic/" + actual));
            default -> typed(test, actual, text.toString());
          });
    }
    return some(results);
  }

  private static @Nullable Boolean typed(String test, String actual, String expected) {
    return switch (test) {
      case "Bool" -> actual.equals(expected);
      case "IpAddress" -> actual.startsWith(expected.substring(0, 3));
      case "TimeOfDayBetween" -> {
        var from = expected.substring(0, 5);
        var to = expected.substring(6);
        boolean begun = actual.compareTo(from) >= 0;
        boolean over = actual.compareTo(to) >= 0;
        yield from.compareTo(to) < 0 ? begun && !over : begun || !over;
      }
      case "DateLessThan" -> Instant.parse(actual).isBefore(Instant.parse(expected));
      case "VersionGreaterThanEquals" -> actual.compareTo(expected) >= 0;
      case "NumericLessThan", "NumericEquals" -> {
        if (!actual.matches("[0-9]+")) {
          yield null;
        }
        int comparison = new BigDecimal(actual).compareTo(new BigDecimal(expected));
        yield test.equals("NumericEquals") ? comparison == 0 : comparison < 0;
      }
      default -> throw new IllegalArgumentException(test);
    };
  }
}
