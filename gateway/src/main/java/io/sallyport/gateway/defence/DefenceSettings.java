package io.sallyport.gateway.defence;

import java.util.List;

/**
 * What sources and devices may take. A source is a block of addresses, /24 of IPv4 and /56 of IPv6.
 *
 * @param trusted addresses that are never banned and not bound by the limits of one source
 * @param handshakesPerSecond full handshakes a second, 0 for any number
 * @param handshakesPerSecondOfSource of them those of one source, 0 for any number
 * @param handshakesMaxOfSource most unfinished handshakes of one source at once
 * @param messagesPerSecond publications of one device a second, 0 for any number
 * @param bytesPerSecond their topics and payloads, 0 for any number
 */
public record DefenceSettings(
    List<AddressBlock> trusted,
    int handshakesPerSecond,
    int handshakesPerSecondOfSource,
    int handshakesMaxOfSource,
    int messagesPerSecond,
    long bytesPerSecond,
    BanSettings bans) {
  /** What a user gets who configures nothing. */
  public static final DefenceSettings DEFAULTS =
      new DefenceSettings(
          List.of(AddressBlock.parse("127.0.0.0/8"), AddressBlock.parse("::1")),
          5_000,
          500,
          1_000,
          0,
          0,
          BanSettings.DEFAULTS);

  public DefenceSettings {
    trusted = List.copyOf(trusted);
  }

  public DefenceSettings withTrusted(List<AddressBlock> blocks) {
    return new DefenceSettings(
        blocks,
        handshakesPerSecond,
        handshakesPerSecondOfSource,
        handshakesMaxOfSource,
        messagesPerSecond,
        bytesPerSecond,
        bans);
  }

  public DefenceSettings withHandshakesPerSecond(int all, int ofSource) {
    return new DefenceSettings(
        trusted, all, ofSource, handshakesMaxOfSource, messagesPerSecond, bytesPerSecond, bans);
  }

  public DefenceSettings withHandshakesMaxOfSource(int most) {
    return new DefenceSettings(
        trusted,
        handshakesPerSecond,
        handshakesPerSecondOfSource,
        most,
        messagesPerSecond,
        bytesPerSecond,
        bans);
  }

  public DefenceSettings withPublications(int messages, long bytes) {
    return new DefenceSettings(
        trusted,
        handshakesPerSecond,
        handshakesPerSecondOfSource,
        handshakesMaxOfSource,
        messages,
        bytes,
        bans);
  }

  public DefenceSettings withBans(BanSettings settings) {
    return new DefenceSettings(
        trusted,
        handshakesPerSecond,
        handshakesPerSecondOfSource,
        handshakesMaxOfSource,
        messagesPerSecond,
        bytesPerSecond,
        settings);
  }
}
