package io.sallyport.cli.top;

import io.sallyport.cli.terminal.PlainText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Lays a snapshot out in lines of a width; every line is safe to print. */
final class Screen {
  static final int COLUMNS_MIN = 60;

  /** The rates that are shown, and the counters that they are of. */
  static final Map<String, String> RATES = rates();

  private static final int DENIALS_SHOWN = 5;

  private final Snapshot snapshot;
  private final int columns;
  private final int rows;
  private final List<String> lines = new ArrayList<>();

  Screen(Snapshot snapshot, int columns, int rows) {
    this.snapshot = snapshot;
    this.columns = Math.max(COLUMNS_MIN, columns);
    this.rows = rows;
  }

  private static Map<String, String> rates() {
    var rates = new LinkedHashMap<String, String>();
    rates.put("in", "/gateway/published");
    rates.put("out", "/gateway/delivered");
    rates.put("handshakesFull", "/gateway/handshakesFull");
    rates.put("handshakesResumed", "/gateway/handshakesResumed");
    rates.put("handshakesRefused", "/gateway/handshakesRefused");
    rates.put("accepted", "/gateway/accepted");
    return rates;
  }

  /** As many lines as there is room for. */
  List<String> lines() {
    facts();
    denials();
    int left = Math.max(2, rows - lines.size() - 4);
    int each = Math.max(1, left / 2);
    busiest(each);
    slowest(each);
    return lines;
  }

  private void facts() {
    add(
        "sallyport "
            + snapshot.text("/version")
            + "  since "
            + snapshot.text("/startedAt").replaceAll("\\.[0-9]+Z$", "Z")
            + (snapshot.hasRates() ? "" : "  (rates follow)"));
    add("");
    add(
        "connections %-9s sessions %-9s handshaking %-7s stored %s"
            .formatted(
                count("/gateway/connections"),
                count("/gateway/sessions"),
                count("/gateway/handshaking"),
                count("/exchange/sessionsStored")));
    add(
        "messages/s  in %-12s out %-12s queued %-9s p99 %s"
            .formatted(rate("in"), rate("out"), count("/exchange/queued"), millis("publishQos1")));
    add(
        "handshakes/s  full %-8s resumed %-8s refused %-8s p99 %s"
            .formatted(
                rate("handshakesFull"),
                rate("handshakesResumed"),
                rate("handshakesRefused"),
                millis("handshakeFull")));
    if (snapshot.has("/gateway/banned")) {
      add("banned %s".formatted(count("/gateway/banned")));
    }
  }

  private void denials() {
    var denials = snapshot.denials();
    var text =
        denials.isEmpty()
            ? "none"
            : denials.entrySet().stream()
                .limit(DENIALS_SHOWN)
                .map(one -> one.getKey() + " " + decimal(one.getValue()))
                .collect(Collectors.joining(", "));
    add("denied/s    %s".formatted(text));
    add("");
  }

  private void busiest(int most) {
    row("BUSIEST", "IN/S", "OUT/S", "ADDRESS");
    snapshot.busiest().stream()
        .limit(most)
        .forEach(
            one ->
                row(
                    one.at("/clientId").asString(""),
                    decimal(one.at("/messagesInPerSecond").asDouble(0)),
                    decimal(one.at("/messagesOutPerSecond").asDouble(0)),
                    one.at("/address").asString("")));
    add("");
  }

  private void slowest(int most) {
    row("SLOWEST", "QUEUED", "UNSENT", "ADDRESS");
    snapshot.slowest().stream()
        .limit(most)
        .forEach(
            one ->
                row(
                    one.at("/clientId").asString(""),
                    count(one.at("/queuedMessages")),
                    bytes(one.at("/unsentBytes").asLong(0)),
                    one.at("/address").asString("")));
  }

  private void row(String name, String first, String second, String address) {
    int room = columns - 10 - 10 - 24 - 3;
    add(
        ("%-" + room + "s %10s %10s %-24s")
            .formatted(cut(PlainText.line(name), room), first, second, address));
  }

  private void add(String line) {
    lines.add(cut(PlainText.line(line), columns).stripTrailing());
  }

  private static String cut(String text, int most) {
    int points = text.codePointCount(0, text.length());
    return points <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "~";
  }

  private String rate(String name) {
    return decimal(snapshot.rate(RATES.getOrDefault(name, "")));
  }

  private String count(String pointer) {
    return grouped(snapshot.number(pointer));
  }

  private static String count(JsonNode number) {
    return grouped(number.asLong(0));
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
  }

  private static String decimal(double number) {
    return number > 0 && number < 10
        ? String.format(Locale.ROOT, "%.1f", number)
        : grouped(Math.round(number));
  }

  private static String bytes(long number) {
    return number < 10_000 ? grouped(number) : grouped(number / 1024) + "K";
  }

  /** Below which time 99 of 100 took, since the start. */
  private String millis(String what) {
    var pointer = "/gateway/latency/" + what;
    if (snapshot.number(pointer + "/count") == 0) {
      return "-";
    }
    var time = Duration.ofNanos(Math.round(snapshot.decimal(pointer + "/p99Millis") * 1e6));
    return time.toMillis() > 0
        ? "<=" + decimal(time.toNanos() / 1e6) + " ms"
        : "<=" + grouped(time.toNanos() / 1_000) + " us";
  }

  /** The most important of it on one line, for a log. */
  static String line(Snapshot snapshot) {
    var denied = snapshot.denials().values().stream().mapToDouble(Double::doubleValue).sum();
    return "connections=%d sessions=%d in/s=%s out/s=%s handshakes/s=%s denied/s=%s queued=%d"
        .formatted(
            snapshot.number("/gateway/connections"),
            snapshot.number("/gateway/sessions"),
            decimal(snapshot.rate("/gateway/published")),
            decimal(snapshot.rate("/gateway/delivered")),
            decimal(
                snapshot.rate("/gateway/handshakesFull")
                    + snapshot.rate("/gateway/handshakesResumed")),
            decimal(denied),
            snapshot.number("/exchange/queued"));
  }
}
