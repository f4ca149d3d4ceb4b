package io.sallyport.app.configuration;

import java.time.Duration;
import java.util.List;

/** The keys of gateways that share one PostgreSQL database, and of identities that are two. */
public final class NeighbourKeys {
  /** What becomes of an identity that two devices seem to use. */
  public enum CloneAction {
    REPORT,
    QUARANTINE
  }

  public static final Key<String> GATEWAY_NAME =
      Key.text(
          "gateway.name",
          "name of a-z, 0-9 and -, at most 32 characters",
          "",
          "What this gateway is called among those that share one PostgreSQL database, each of"
              + " which has another name; else the name of its host.");
  public static final Key<Duration> TRUST_MAX_AGE =
      Key.time(
          "trust.max-age",
          "1s",
          "1h",
          "30s",
          "How long a gateway that shares its database goes on without hearing of changes; then it"
              + " ends every connection and lets nobody in until it hears of them again.");
  public static final Key<Duration> TRUST_POLL_INTERVAL =
      Key.time(
          "trust.poll-interval",
          "50ms",
          "30s",
          "1s",
          "How often it looks for changes that nobody told of, and tells that it is there; at most"
              + " a third of the age.");
  public static final Key<Duration> TRUST_CONFIRM_TIMEOUT =
      Key.time(
          "trust.confirm-timeout",
          "0s",
          "1m",
          "5s",
          "How long a revocation waits for the other gateways to confirm it.");
  public static final Key<Integer> CLONE_RETURNS =
      Key.number(
          "clones.returns",
          0,
          100,
          4,
          "How often a device must come back to an address that it had left to be taken for two;"
              + " 0 = never.");
  public static final Key<Duration> CLONE_WINDOW =
      Key.time("clones.window", "1s", "1d", "10m", "In which time.");
  public static final Key<CloneAction> CLONE_ACTION =
      Key.choice(
          "clones.action",
          CloneAction.class,
          CloneAction.REPORT,
          "What becomes of it: an event in the ledger, or quarantine besides.");

  static final List<Key<?>> ALL =
      List.of(
          GATEWAY_NAME,
          TRUST_MAX_AGE,
          TRUST_POLL_INTERVAL,
          TRUST_CONFIRM_TIMEOUT,
          CLONE_RETURNS,
          CLONE_WINDOW,
          CLONE_ACTION);

  private NeighbourKeys() {}
}
