package io.sallyport.conformance.normative;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Lab;
import io.sallyport.testkit.MqttClient;
import io.sallyport.testkit.MqttClient.Bytes;
import io.sallyport.testkit.MqttClient.Connect;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who gets a message of a shared subscription when its receiver fails: chapter 4.8.2. */
class SharedSubscriptionTest extends OnTheWire {
  SharedSubscriptionTest(Lab lab) {
    super(lab);
  }

  private static final int TURNS = 10_000;

  /** Two members of a group; the one who is given the message comes first. */
  private record Pair(MqttClient given, int number, int id, MqttClient other) {}

  @Test
  @DisplayName("MQTT-4.8.2-4: a delivery at QoS 2 that was begun is ended with the same client")
  void begunIsEndedWithTheSame() throws IOException {
    var pair = givenTo(2);
    pair.given().packet(0x50, new Bytes().u16(pair.id()).done());
    assertThat(pair.given().receive().type()).isEqualTo(PUBREL);
    pair.given().drop();
    nothingElse(pair.other());

    var back = lasting(pair.number(), V5, false);
    var pubrel = back.receive();
    assertThat(pubrel.type()).isEqualTo(PUBREL);
    assertThat(pubrel.u16(0)).isEqualTo(pair.id());
    back.packet(0x70, new Bytes().u16(pair.id()).done());
    nothingElse(pair.other());
  }

  @Test
  @DisplayName("MQTT-4.8.2-5: a delivery at QoS 2 of a session that ends goes to nobody else")
  void begunDiesWithItsSession() throws IOException {
    var pair = givenTo(2);
    pair.given().packet(0x50, new Bytes().u16(pair.id()).done());
    assertThat(pair.given().receive().type()).isEqualTo(PUBREL);
    // A session expiry of 0 in DISCONNECT ends the session with its connection.
    pair.given().send(hex("e00700051100000000"));
    pair.given().close();
    var gone = silent(pair.number(), V5).connect(new Connect(id(pair.number())).keepSession());
    assertThat(sessionPresent(gone)).isFalse();

    nothingElse(pair.other());
  }

  @Test
  @DisplayName("MQTT-4.8.2-6: a delivery that its receiver refuses goes to nobody else")
  void refusedGoesToNobody() throws IOException {
    for (var qos : new int[] {1, 2}) {
      var pair = givenTo(qos);
      var first = qos == 1 ? 0x40 : 0x50;
      pair.given().packet(first, new Bytes().u16(pair.id()).u8(0x80).done());

      nothingElse(pair.given());
      nothingElse(pair.other());
      pair.given().disconnect();
      pair.other().disconnect();
    }
  }

  private Pair givenTo(int qos) throws IOException {
    var filter = "$share/g" + qos + "/" + topic("a");
    var members = new MqttClient[3];
    for (var number : new int[] {1, 2}) {
      connected(number, V5).disconnect();
      members[number] = lasting(number, V5, true);
      assertThat(subscribe(members[number], V5, filter, qos)).isEqualTo(qos);
    }
    var writer = connected(0, V5);
    if (qos == 1) {
      publish(writer, V5, topic("a"), "x");
    } else {
      QosTest.exactlyOnce(writer, V5, topic("a"), "x");
    }
    // Whoever is not asked for anything answers a PINGREQ with nothing before it.
    for (var turn = 0; turn < TURNS; turn++) {
      var number = 1 + turn % 2;
      var packet = members[number].packet(0xC0, new byte[0]).receive();
      if (packet.type() != PINGRESP) {
        assertThat(members[number].receive().type()).isEqualTo(PINGRESP);
        var id = Delivery.of(packet, V5).id();
        return new Pair(members[number], number, id, members[3 - number]);
      }
    }
    throw new AssertionError("neither member was given the message");
  }
}
