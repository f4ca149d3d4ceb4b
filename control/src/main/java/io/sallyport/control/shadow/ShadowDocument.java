package io.sallyport.control.shadow;

import io.sallyport.control.shadow.JsonValue.Digits;
import io.sallyport.control.shadow.JsonValue.Members;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a shadow holds.
 *
 * @param version counted from 1 at the first update; 0 where there was none yet
 */
public record ShadowDocument(long version, Section desired, Section reported) {
  /** Of a shadow that nobody has written to, or that was deleted. */
  static ShadowDocument empty(long version) {
    return new ShadowDocument(version, Section.EMPTY, Section.EMPTY);
  }

  /** This after an update. */
  ShadowDocument updated(ShadowRequest request, long seconds) {
    return new ShadowDocument(
        version + 1,
        merged(desired, request.desired(), seconds),
        merged(reported, request.reported(), seconds));
  }

  private static Section merged(Section section, @Nullable JsonValue change, long seconds) {
    return change == null ? section : section.merged(change, seconds);
  }

  /** What is desired and not reported. */
  public Section delta() {
    return desired.delta(reported.state());
  }

  /** Both states, of those that are not empty. */
  Members state() {
    return both(desired.state(), reported.state());
  }

  /** When each leaf of both was written. */
  Members metadata() {
    return both(desired.metadata(), reported.metadata());
  }

  /** Both states and what they differ in, as a get shows them. */
  Section shown() {
    var delta = delta();
    var states = new LinkedHashMap<>(state().byName());
    var times = new LinkedHashMap<>(metadata().byName());
    if (!delta.isEmpty()) {
      states.put("delta", delta.state());
      times.put("delta", delta.metadata());
    }
    return new Section(new Members(states), new Members(times));
  }

  /** As it stands in a documents message. */
  Members snapshot() {
    return new Members(
        ordered("state", state(), "metadata", metadata(), "version", number(version)));
  }

  static Digits number(long value) {
    return new Digits(Long.toString(value));
  }

  static Map<String, JsonValue> ordered(
      String a, JsonValue valueA, String b, JsonValue valueB, String c, JsonValue valueC) {
    var members = new LinkedHashMap<String, JsonValue>();
    members.put(a, valueA);
    members.put(b, valueB);
    members.put(c, valueC);
    return members;
  }

  private static Members both(Members desired, Members reported) {
    var members = new LinkedHashMap<String, JsonValue>();
    if (!desired.isEmpty()) {
      members.put("desired", desired);
    }
    if (!reported.isEmpty()) {
      members.put("reported", reported);
    }
    return new Members(members);
  }
}
