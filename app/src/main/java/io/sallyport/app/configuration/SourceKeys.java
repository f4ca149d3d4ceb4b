package io.sallyport.app.configuration;

import io.sallyport.gateway.defence.AddressBlock;
import java.time.Duration;
import java.util.List;

/** Keys of what one source address may take before it is known, and of bans. */
public final class SourceKeys {
  public static final Key<List<AddressBlock>> TRUSTED =
      Key.blocks(
              "sources.trusted",
              List.of("127.0.0.0/8", "::1"),
              "Who is never banned and not bound by what one source may take; a gateway of many"
                  + " devices with one address, for example.")
          .live();
  public static final Key<Integer> SOURCE_HANDSHAKES =
      Key.number(
              "sources.full-handshakes-per-second",
              0,
              1_000_000,
              500,
              "Most TLS handshakes without a ticket a second from one source (/24, in IPv6 /56); 0"
                  + " = any number.")
          .live();
  public static final Key<Integer> SOURCE_HANDSHAKES_MAX =
      Key.number(
              "sources.handshakes-max",
              1,
              100_000,
              1_000,
              "Most TLS handshakes at once from one source (/24, in IPv6 /56).")
          .live();
  public static final Key<Integer> BAN_AFTER =
      Key.number(
              "sources.ban-after",
              0,
              100_000,
              20,
              "Failed handshakes and refused CONNECTs within the find time that ban an address (in"
                  + " IPv6 a /64); 0 = never.")
          .live();
  public static final Key<Duration> BAN_FIND_TIME =
      Key.time("sources.ban-find-time", "1s", "1d", "10m", "How long a failure counts.").live();
  public static final Key<Duration> BAN_TIME =
      Key.time(
              "sources.ban-time",
              "1s",
              "30d",
              "1m",
              "How long the first ban lasts; each further one lasts twice as long.")
          .live();
  public static final Key<Duration> BAN_TIME_MAX =
      Key.time(
              "sources.ban-time-max",
              "1s",
              "365d",
              "1d",
              "The longest ban, and how long an address must be good until the next ban is a first"
                  + " one.")
          .live();
  public static final Key<Integer> BANS_MAX =
      Key.number("sources.bans-max", 1, 1_000_000, 10_000, "Most bans at once.").live();

  static final List<Key<?>> ALL =
      List.of(
          TRUSTED,
          SOURCE_HANDSHAKES,
          SOURCE_HANDSHAKES_MAX,
          BAN_AFTER,
          BAN_FIND_TIME,
          BAN_TIME,
          BAN_TIME_MAX,
          BANS_MAX);

  private SourceKeys() {}
}
