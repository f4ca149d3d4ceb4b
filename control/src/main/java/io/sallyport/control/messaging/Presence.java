package io.sallyport.control.messaging;

import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is told when clients come and go (AWS IoT Core developer guide, "Lifecycle events"): {@code
 * $aws/events/presence/connected/<client id>} and {@code disconnected}.
 */
public final class Presence {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String run;

  /**
   * Events of one run of the server.
   *
   * @param run tells its sessions from those of other runs
   */
  public Presence(String run) {
    this.run = run;
  }

  /**
   * One connection.
   *
   * @param number grows with each connection, so that late events are told from newer ones
   * @param address where it comes from
   */
  public record Connection(PrincipalId principal, String clientId, long number, String address) {}

  /** Why a connection ended, in AWS's words. */
  public enum Ending {
    CLIENT_INITIATED_DISCONNECT,
    CONNECTION_LOST,
    DUPLICATE_CLIENTID,
    MQTT_KEEP_ALIVE_TIMEOUT,
    FORBIDDEN_ACCESS,
    CLIENT_ERROR,
    THROTTLED,
    SERVER_ERROR,
    SERVER_INITIATED_DISCONNECT;

    /** Of what the gate calls it: {@code DISCONNECT}, or the name of an MQTT reason. */
    public static Ending of(String reason) {
      return switch (reason) {
        case "DISCONNECT" -> CLIENT_INITIATED_DISCONNECT;
        case "connection lost" -> CONNECTION_LOST;
        case "SESSION_TAKEN_OVER" -> DUPLICATE_CLIENTID;
        case "KEEP_ALIVE_TIMEOUT" -> MQTT_KEEP_ALIVE_TIMEOUT;
        case "NOT_AUTHORIZED", "ADMINISTRATIVE_ACTION" -> FORBIDDEN_ACCESS;
        case "MALFORMED_PACKET",
            "PROTOCOL_ERROR",
            "TOPIC_FILTER_INVALID",
            "TOPIC_NAME_INVALID",
            "TOPIC_ALIAS_INVALID",
            "RECEIVE_MAXIMUM_EXCEEDED",
            "PACKET_TOO_LARGE" ->
            CLIENT_ERROR;
        case "MESSAGE_RATE_TOO_HIGH", "QUOTA_EXCEEDED" -> THROTTLED;
        case "UNSPECIFIED_ERROR", "IMPLEMENTATION_SPECIFIC_ERROR" -> SERVER_ERROR;
        default -> SERVER_INITIATED_DISCONNECT;
      };
    }
  }

  /** A client was let in; nothing where its client id is no part of a topic. */
  public Optional<Publication> connected(Connection connection, Instant at) {
    return event("connected", connection, at, Map.of());
  }

  /** A client is gone. */
  public Optional<Publication> disconnected(Connection connection, Ending why, Instant at) {
    var more = new LinkedHashMap<String, Object>();
    more.put("clientInitiatedDisconnect", why == Ending.CLIENT_INITIATED_DISCONNECT);
    more.put("disconnectReason", why.name());
    return event("disconnected", connection, at, more);
  }

  private Optional<Publication> event(
      String type, Connection connection, Instant at, Map<String, Object> more) {
    var clientId = connection.clientId();
    if (clientId.indexOf('+') >= 0 || clientId.indexOf('#') >= 0) {
      return Optional.empty();
    }
    var members = new LinkedHashMap<String, Object>();
    members.put("clientId", clientId);
    members.put("timestamp", at.toEpochMilli());
    members.put("eventType", type);
    members.putAll(more);
    members.put("sessionIdentifier", run + "-" + connection.number());
    members.put("principalIdentifier", connection.principal().value());
    members.put("ipAddress", connection.address());
    members.put("versionNumber", connection.number());
    var topic = "$aws/events/presence/" + type + "/" + clientId;
    return Optional.of(new Publication(topic, JSON.writeValueAsBytes(members)));
  }
}
