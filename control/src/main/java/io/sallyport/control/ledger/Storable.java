package io.sallyport.control.ledger;

import io.sallyport.ledger.SecurityEvent;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * Makes the texts of an event such that every database gives them back as they were, or the chain
 * would break over a topic that a device made up.
 */
final class Storable {
  // Bound: the longest text of an event in characters; a topic may have 65 535 bytes.
  static final int LENGTH_MAX = 1024;

  private Storable() {}

  static SecurityEvent of(SecurityEvent event) {
    var facts = new TreeMap<String, String>();
    event.facts().forEach((name, value) -> facts.put(text(name), text(value)));
    return new SecurityEvent(
        event.at(), event.type(), text(event.actor()), text(event.subject()), facts);
  }

  private static String text(String text) {
    var bounded = text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX - 1) + "…";
    // Unpaired surrogates become '?' here; PostgreSQL has no zero character.
    var encodable = new String(bounded.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    return encodable.indexOf('\0') < 0 ? encodable : encodable.replace('\0', '\uFFFD');
  }
}
