package io.sallyport.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Made-up ledgers, each from one seed. */
final class Ledgers {
  private Ledgers() {}

  static List<LedgerRecord> random(RandomGenerator random, int length) {
    var records = new ArrayList<LedgerRecord>();
    var head = Head.GENESIS;
    for (int i = 0; i < length; i++) {
      var record = head.append(event(random));
      records.add(record);
      head = Head.of(record);
    }
    return records;
  }

  static SecurityEvent event(RandomGenerator random) {
    var facts = new TreeMap<String, String>();
    for (int i = random.nextInt(4); i > 0; i--) {
      facts.put(text(random), text(random));
    }
    return new SecurityEvent(
        Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L)),
        type(random),
        text(random),
        text(random),
        facts);
  }

  static EventType type(RandomGenerator random) {
    return List.of(EventType.values()).get(random.nextInt(EventType.values().length));
  }

  /** Short, so that equal texts and empty ones occur; with letters of one to four bytes. */
  static String text(RandomGenerator random) {
    var letters = new String[] {"a", "b", "1", "-", "ä", "€", "😀", "\n"};
    var text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }
}
