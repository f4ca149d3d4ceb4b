package io.sallyport.conformance.product;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a product remembers of what happened, as its own command line tells it. */
public final class Ledger {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int NEWEST = 500;

  private final ProductProcess product;

  public Ledger(ProductProcess product) {
    this.product = product;
  }

  /**
   * Waits for a record of a type and a subject in whose facts all these words stand; denials are
   * written a moment after they happen.
   *
   * @return its facts
   */
  public JsonNode expect(String type, String subject, String... words) {
    var found = new AtomicReference<JsonNode>();
    Patience.until(
        type + " of " + subject + " with " + Arrays.toString(words),
        () -> {
          records(type, subject).stream()
              .map(record -> record.path("facts"))
              .filter(facts -> List.of(words).stream().allMatch(facts.toString()::contains))
              .forEach(found::set);
          return found.get() != null;
        });
    return found.get();
  }

  private List<JsonNode> records(String type, String subject) {
    var lines = product.cli("ledger", "tail", "-n", "" + NEWEST, "--json").expecting(0).out();
    return lines
        .lines()
        .map(JSON::readTree)
        .filter(record -> record.path("type").asString().equals(type))
        .filter(record -> record.path("subject").asString().equals(subject))
        .toList();
  }
}
