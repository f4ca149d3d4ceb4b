package io.sallyport.control.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.messaging.Presence.Connection;
import io.sallyport.control.messaging.Presence.Ending;
import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresenceTest {
  private static final Instant AT = Instant.ofEpochMilli(1_573_002_230_757L);

  private final Presence presence = new Presence("a4666d2a");

  private static Connection connection(String clientId) {
    return new Connection(new PrincipalId("lamp"), clientId, 7, "192.0.2.1");
  }

  @Test
  void aComingIsToldAsAwsTellsIt() {
    var event = presence.connected(connection("lamp"), AT).orElseThrow();
    assertThat(event.topic()).isEqualTo("$aws/events/presence/connected/lamp");
    assertThat(new String(event.payload(), UTF_8))
        .isEqualTo(
            "{\"clientId\":\"lamp\",\"timestamp\":1573002230757,\"eventType\":\"connected\","
                + "\"sessionIdentifier\":\"a4666d2a-7\",\"principalIdentifier\":\"lamp\","
                + "\"ipAddress\":\"192.0.2.1\",\"versionNumber\":7}");
  }

  @Test
  void aGoingSaysWhy() {
    var event =
        presence.disconnected(connection("lamp:2"), Ending.CONNECTION_LOST, AT).orElseThrow();
    assertThat(event.topic()).isEqualTo("$aws/events/presence/disconnected/lamp:2");
    assertThat(new String(event.payload(), UTF_8))
        .contains(
            "\"clientInitiatedDisconnect\":false,\"disconnectReason\":\"CONNECTION_LOST\"",
            "\"eventType\":\"disconnected\"");
  }

  @Test
  void aClientIdIsNoMarkup() {
    var event = presence.connected(connection("a\"b"), AT).orElseThrow();
    assertThat(new String(event.payload(), UTF_8)).contains("\"clientId\":\"a\\\"b\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lamp+", "#", "a/+/b"})
  void whatIsNoTopicIsNotTold(String clientId) {
    assertThat(presence.connected(connection(clientId), AT)).isEmpty();
    assertThat(presence.disconnected(connection(clientId), Ending.CONNECTION_LOST, AT)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DISCONNECT, CLIENT_INITIATED_DISCONNECT",
    "connection lost, CONNECTION_LOST",
    "SESSION_TAKEN_OVER, DUPLICATE_CLIENTID",
    "KEEP_ALIVE_TIMEOUT, MQTT_KEEP_ALIVE_TIMEOUT",
    "ADMINISTRATIVE_ACTION, FORBIDDEN_ACCESS",
    "PACKET_TOO_LARGE, CLIENT_ERROR",
    "QUOTA_EXCEEDED, THROTTLED",
    "UNSPECIFIED_ERROR, SERVER_ERROR",
    "SERVER_SHUTTING_DOWN, SERVER_INITIATED_DISCONNECT",
    "something new, SERVER_INITIATED_DISCONNECT"
  })
  void endsAreNamedAsAwsNamesThem(String reason, Ending expected) {
    assertThat(Ending.of(reason)).isEqualTo(expected);
  }
}
