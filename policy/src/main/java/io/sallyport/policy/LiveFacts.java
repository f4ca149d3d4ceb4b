package io.sallyport.policy;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may change while a session lasts; asked at each decision that depends on it. */
public interface LiveFacts {
  /** Of somebody of whom nothing is known. */
  LiveFacts NONE = new Known(null, null, null, null, Map.of());

  /** What time it is. */
  @Nullable Instant now();

  /** For how many whole days the certificate of the session has been valid. */
  @Nullable Long certificateAgeDays();

  /** The version of the firmware that the device runs. */
  @Nullable String firmwareVersion();

  /** Whether the device has proved what it runs. */
  @Nullable Boolean attested();

  /** The tags that operators gave the device. */
  Map<String, String> tags();

  /** Facts as they are at one moment. */
  record Known(
      @Nullable Instant now,
      @Nullable Long certificateAgeDays,
      @Nullable String firmwareVersion,
      @Nullable Boolean attested,
      Map<String, String> tags)
      implements LiveFacts {
    /** Copies what could change. */
    public Known {
      tags = Map.copyOf(tags);
    }

    /** The facts as they are now. */
    static Known of(LiveFacts facts) {
      return new Known(
          facts.now(),
          facts.certificateAgeDays(),
          facts.firmwareVersion(),
          facts.attested(),
          facts.tags());
    }
  }
}
