package io.sallyport.bench;

import io.sallyport.bench.load.Attack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One attack and where it comes from.
 *
 * @param source the first three octets of its first prefix
 * @param prefixes how many prefixes
 * @param firstHost the last octet of the first address of each
 * @param hosts how many addresses each has
 */
record Siege(Attack attack, String name, String source, int prefixes, int firstHost, int hosts) {
  private static final String OF_DEVICES = "127.0.0";
  private static final int DEVICES_FIRST_HOST = 2;
  private static final int DEVICES_HOSTS = 8;
  private static final int FIRST_PREFIX = 9;
  private static final int HOSTS = 100;
  private static final int MANY = 20;

  /** All attacks, each from a prefix of its own, so that no ban of one helps against the next. */
  static List<Siege> all() {
    var sieges = new ArrayList<Siege>();
    var prefix = FIRST_PREFIX;
    for (var attack : Attack.values()) {
      sieges.add(new Siege(attack, attack.label(), "127.0." + prefix++, 1, 1, HOSTS));
    }
    sieges.add(
        new Siege(
            Attack.HALF_OPEN,
            Attack.HALF_OPEN.label() + ", " + MANY + " prefixes",
            "127.1.0",
            MANY,
            1,
            HOSTS));
    sieges.add(
        new Siege(
            Attack.STRANGERS,
            Attack.STRANGERS.label() + ", the devices' prefix",
            OF_DEVICES,
            1,
            HOSTS,
            HOSTS));
    // The last, as their bans are the devices' own.
    sieges.add(
        new Siege(
            Attack.STRANGERS,
            Attack.STRANGERS.label() + ", the devices' addresses",
            OF_DEVICES,
            1,
            DEVICES_FIRST_HOST,
            DEVICES_HOSTS));
    return sieges;
  }

  /** How long it takes until all connections that it wants to hold may be there. */
  Duration buildUp(int strength, int open) {
    return attack == Attack.HALF_OPEN
        ? Duration.ofMillis(1_000L * open / rate(strength))
        : Duration.ZERO;
  }

  private int rate(int strength) {
    return Math.max(1, attack.rate() * strength / 100);
  }

  /** What its process is told. */
  List<String> arguments(int strength, int open) {
    return List.of(
        "siege",
        "--attack",
        attack.name(),
        "--rate",
        "" + rate(strength),
        "--open",
        "" + open,
        "--source",
        source,
        "--prefixes",
        "" + prefixes,
        "--first-host",
        "" + firstHost,
        "--hosts",
        "" + hosts);
  }
}
