package io.sallyport.control;

import io.sallyport.control.enforcement.SourceBans;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A gateway with two bans; {@code "nonsense"} is no source. */
public final class RecordedBans implements SourceBans {
  private final List<SourceBan> bans =
      new ArrayList<>(List.of(ban("192.0.2.7", 1), ban("198.51.100.9", 3)));

  private static SourceBan ban(String source, int times) {
    return new SourceBan(source, Instant.EPOCH, Instant.EPOCH.plusSeconds(60), times, "not TLS");
  }

  @Override
  public List<SourceBan> list() {
    return List.copyOf(bans);
  }

  @Override
  public List<SourceBan> clear(@Nullable String source) {
    if ("nonsense".equals(source)) {
      throw new IllegalArgumentException("'nonsense' is not an address");
    }
    var cleared =
        bans.stream().filter(ban -> source == null || ban.source().equals(source)).toList();
    bans.removeAll(cleared);
    return cleared;
  }
}
