package io.sallyport.control.enforcement;

import io.sallyport.policy.ListenerRules;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What stands around control in a running process.
 *
 * @param bans whom the gateway does not let in
 * @param gatewayHost the name under which devices reach the gateway, told to whoever enrols
 * @param gatewayPort its port
 * @param pins the keys that devices may know its certificate by
 * @param maintenance reload and drain of this process
 * @param listeners how its listeners read policies, the first one first; at least one
 * @param gatewayStatus statistics of the gateway, for {@code GET /api/v1/status}
 * @param exchangeStatus statistics of the exchange, for the same
 */
public record Surroundings(
    Enforcement enforcement,
    LiveConnections connections,
    MetricsSource metrics,
    RetainedMessages retained,
    Supplier<Map<String, Object>> gatewayStatus,
    Supplier<Map<String, Object>> exchangeStatus,
    SourceBans bans,
    String gatewayHost,
    int gatewayPort,
    ServerPins pins,
    Maintenance maintenance,
    List<ListenerRules> listeners) {

  /** An offline command's: nothing runs. */
  public static Surroundings none() {
    return new Surroundings(
        Enforcement.NOBODY,
        _ -> List.of(),
        _ -> {},
        RetainedMessages.OUT_OF_SIGHT,
        Map::of,
        Map::of,
        SourceBans.NONE,
        "localhost",
        8883,
        ServerPins.NONE,
        Maintenance.NONE,
        List.of(ListenerRules.DEFAULT));
  }
}
