package io.sallyport.app.configuration;

import io.sallyport.control.shadow.ShadowSettings;
import java.util.List;

/** Keys of device shadows. */
public final class ShadowKeys {
  public static final Key<Long> DOCUMENT_MAX =
      Key.size(
          "shadow.document-max",
          1 << 10,
          64 << 10,
          "8KiB",
          "Longest state of one shadow: desired and reported without spaces; metadata does not"
              + " count.");
  public static final Key<Integer> NAMED_MAX =
      Key.number("shadow.named-max", 0, 1_000, 25, "Most named shadows of one device.");

  static final List<Key<?>> ALL = List.of(DOCUMENT_MAX, NAMED_MAX);

  private ShadowKeys() {}

  /** What they say. */
  public static ShadowSettings settings(Configuration configuration) {
    return new ShadowSettings(
        Math.toIntExact(configuration.get(DOCUMENT_MAX)), configuration.get(NAMED_MAX));
  }
}
