package io.sallyport.control.enforcement;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses that the gateway does not let in, because they failed too often. */
public interface SourceBans {
  /** Where there is no gateway. */
  SourceBans NONE =
      new SourceBans() {
        @Override
        public List<SourceBan> list() {
          return List.of();
        }

        @Override
        public List<SourceBan> clear(@Nullable String source) {
          return List.of();
        }
      };

  /** Every ban there is now, the oldest first. */
  List<SourceBan> list();

  /**
   * Ends bans and forgets the failures that led to them.
   *
   * @param source an address or a block of them; null for all
   * @return what was ended
   * @throws IllegalArgumentException if it is neither
   */
  List<SourceBan> clear(@Nullable String source);

  /**
   * One ban.
   *
   * @param source an address, or a block of them in IPv6
   * @param times how often it was banned, this time too
   * @param reason its last failure
   */
  record SourceBan(String source, Instant since, Instant until, int times, String reason) {}
}
