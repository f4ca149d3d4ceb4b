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
    // What is pending comes before the answer to a PINGREQ.
    var first = members[1].packet(0xC0, new byte[0]).receive();
    var toFirst = first.type() != PINGRESP;
    var number = toFirst ? 1 : 2;
    var delivery = Delivery.of(toFirst ? first : members[2].receive(), V5);
    if (toFirst) {
      assertThat(members[1].receive().type()).isEqualTo(PINGRESP);
    }
    return new Pair(members[number], number, delivery.id(), members[3 - number]);
  }
}
