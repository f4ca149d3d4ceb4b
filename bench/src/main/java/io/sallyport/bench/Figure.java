package io.sallyport.bench;

import java.util.Locale;

/** A quantity that the tables show, with its unit. */
enum Figure {
  HANDSHAKES_PER_CPU_SECOND("handshakes per CPU-s", 0),
  HANDSHAKES_PER_SECOND("handshakes/s", 0),
  CPU_SECONDS_PER_MILLION("CPU-s per million deliveries", 1),
  CPU_SECONDS_PER_MILLION_BEHIND("of which the broker behind the gateway", 1),
  CPU_SECONDS_PER_MILLION_REFUSED("CPU-s per million refusals", 1),
  REFUSED_PER_SECOND("refusals/s", 0),
  DELIVERIES_PER_SECOND("deliveries/s", 0),
  LATENCY_P50_MS("latency p50, ms", 2),
  LATENCY_P99_MS("latency p99, ms", 2),
  LATENCY_P50_LOADED_MS("latency p50 meanwhile, ms", 2),
  LATENCY_P99_LOADED_MS("latency p99 meanwhile, ms", 2),
  LATENCY_P99_TIMES("latency p99 meanwhile, times that before", 2),
  CONNECT_TICKET_P99_MS("connect with ticket p99, ms", 1),
  CONNECT_TICKET_P50_LOADED_MS("connect with ticket p50 meanwhile, ms", 1),
  CONNECT_TICKET_P99_LOADED_MS("connect with ticket p99 meanwhile, ms", 1),
  CONNECT_FULL_P99_MS("connect without ticket p99, ms", 1),
  CONNECT_FULL_P50_LOADED_MS("connect without ticket p50 meanwhile, ms", 1),
  CONNECT_FULL_P99_LOADED_MS("connect without ticket p99 meanwhile, ms", 1),
  CONNECTS_FAILED_PERCENT("connects of devices that failed, %", 1),
  DEVICES_CUT_OFF("devices lost their sessions, 1 = yes", 0),
  ATTEMPTS_PER_SECOND("attacker's attempts/s", 0),
  SERVED_PER_SECOND("of them served/s", 0),
  TURNED_AWAY_PER_SECOND("of them refused/s", 0),
  ATTACK_HELD("attacker's connections or messages under way", 0),
  CPU_SHARE("server's CPU, cores", 2),
  BACK_PER_SECOND("back and subscribed/s", 0),
  BACK_PER_CPU_SECOND("back and subscribed per CPU-s", 0),
  RESUMED_PERCENT("resumed, %", 0),
  LOST("deliveries lost", 0),
  KIB_PER_CONNECTION("RSS per connection, KiB", 1),
  RESIDENT_MIB("RSS in all, MiB", 0),
  FIRST_CONNECTIONS_PER_CPU_SECOND("first connections per CPU-s", 0),
  CUT_P50_MS("command to last socket closed, p50 ms", 1),
  CUT_MAX_MS("command to last socket closed, max ms", 1),
  RECEIPT_P50_MS("command to receipt, p50 ms", 1),
  RECEIPT_MAX_MS("command to receipt, max ms", 1);

  private final String label;
  private final int decimals;

  Figure(String label, int decimals) {
    this.label = label;
    this.decimals = decimals;
  }

  String label() {
    return label;
  }

  String format(double value) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
