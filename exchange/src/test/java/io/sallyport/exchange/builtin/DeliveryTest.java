package io.sallyport.exchange.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.Subscription;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages between clients that are connected. */
class DeliveryTest {
  private World world;

  @BeforeEach
  void begin(@TempDir Path directory) {
    world = new World(directory);
  }

  @AfterEach
  void finish() {
    world.close();
  }

  @Test
  void deliversAtTheLowerOfBothQualities() {
    Client one = world.clean("one").subscribe("t", 1);
    Client publisher = world.clean("publisher");
    one.read();
    publisher.publish("t", "a", 0).publish("t", "b", 1).publish("t", "c", 2);
    assertThat(one.messages())
        .containsExactly("PUBLISH t a q0", "PUBLISH t b q1", "PUBLISH t c q1");
    assertThat(publisher.read())
        .containsExactly("CONNACK", "PUBACK 1 SUCCESS", "PUBREC 2 SUCCESS", "PUBCOMP 2 SUCCESS");
  }

  /** Waiting gathers what comes meanwhile; what is there already only comes later by it. */
  @Test
  void aReceiverWithLittleRoomIsNotMadeToWaitForWhatIsThere() {
    Client one = world.clean("one").subscribe("t", 0);
    one.room = 2;
    Client publisher = world.clean("publisher");
    String large = "m".repeat(20_000);
    int received = 0;
    for (int round = 0; round < 100; round++) {
      for (int number = 0; number < 40; number++) {
        publisher.send("t", large, 0, false);
      }
      received += one.messages().size();
    }
    assertThat(received).isEqualTo(4_000);
    assertThat(one.waits).as("of some 1 000 turns").isLessThan(50);
  }

  @Test
  void tellsThePublisherWhenNobodySubscribed() {
    Client publisher = world.clean("publisher");
    publisher.publish("t", "a", 1).publish("t", "b", 2);
    assertThat(publisher.read())
        .containsExactly(
            "CONNACK",
            "PUBACK 1 NO_MATCHING_SUBSCRIBERS",
            "PUBREC 2 NO_MATCHING_SUBSCRIBERS",
            "PUBCOMP 2 SUCCESS");
  }

  @Test
  void deliversExactlyOnceWithAllFourPackets() {
    Client one = world.clean("one").subscribe("t", 2);
    one.read();
    world.clean("publisher").publish("t", "a", 2);
    assertThat(one.read()).containsExactly("PUBLISH t a q2", "PUBREL");
    assertThat(world.exchange.statistics().queued()).isZero();
    assertThat(world.exchange.statistics().queuedBytes()).isZero();
  }

  @Test
  void routesARepeatedExactlyOncePublicationOnlyOnce() {
    Client one = world.clean("one").subscribe("t", 2);
    Client publisher = world.clean("publisher");
    publisher.acknowledging = false;
    var message = World.message("publisher", "t", "a", 2, false);
    publisher.session().publish(message, 7, false);
    publisher.session().publish(message, 7, true);
    publisher.session().pubrel(7);
    publisher.session().pubrel(7);
    assertThat(one.payloads()).containsExactly("a");
    assertThat(publisher.read())
        .containsExactly(
            "CONNACK",
            "PUBREC 7 SUCCESS",
            "PUBREC 7 SUCCESS",
            "PUBCOMP 7 SUCCESS",
            "PUBCOMP 7 PACKET_IDENTIFIER_NOT_FOUND");
  }

  @Test
  void givesOneDeliveryForOverlappingSubscriptionsWithAllIdentifiers() {
    Client one =
        world
            .clean("one")
            .subscribe(
                new Subscription("a/#", 0, false, false, 0, 3),
                new Subscription("a/+", 1, false, false, 0, 4));
    world.clean("publisher").publish("a/b", "x", 2);
    assertThat(one.messages()).containsExactly("PUBLISH a/b x q1 [3, 4]");
  }

  @Test
  void keepsAPublisherFromHearingItselfWhenItSaidNoLocal() {
    Client one =
        world
            .clean("one")
            .subscribe(
                new Subscription("a/#", 1, true, false, 0, 3),
                new Subscription("b", 1, true, false, 0, 0),
                new Subscription("a/+", 0, false, false, 0, 4));
    one.publish("b", "own", 1).publish("a/b", "own", 1);
    world.clean("other").publish("b", "other", 1).publish("a/b", "other", 1);
    assertThat(one.messages())
        .containsExactly(
            "PUBLISH a/b own q0 [4]", "PUBLISH b other q1", "PUBLISH a/b other q1 [3, 4]");
  }

  @Test
  void keepsTheOrderOfAPublisherAndFlushesOnce() {
    Client one = world.clean("one").subscribe("t", 1);
    Client publisher = world.clean("publisher");
    world.settle();
    int before = one.flushes;
    for (int i = 0; i < 50; i++) {
      publisher.send("t", "m" + i, i % 2, false);
    }
    world.turn();
    assertThat(one.flushes).isEqualTo(before + 1);
    assertThat(one.payloads()).hasSize(50).isSortedAccordingTo(DeliveryTest::byNumber);
  }

  private static int byNumber(String a, String b) {
    return Integer.compare(Integer.parseInt(a.substring(1)), Integer.parseInt(b.substring(1)));
  }

  @Test
  void sendsNoMoreThanTheClientsReceiveMaximumBeforeItAcknowledges() {
    Client one = world.client("one");
    one.receiveMaximum = 2;
    one.acknowledging = false;
    one.connect(true, 0).subscribe("t", 1);
    Client publisher = world.clean("publisher");
    for (int i = 0; i < 5; i++) {
      publisher.publish("t", "m" + i, 1);
    }
    assertThat(one.payloads()).containsExactly("m0", "m1");
    one.session().puback(1);
    assertThat(one.payloads()).containsExactly("m2");
    one.session().puback(2);
    one.session().puback(3);
    assertThat(one.payloads()).containsExactly("m3", "m4");
  }

  @Test
  void waitsWhileTheOutletIsFullAndLosesNothing() {
    Client slow = world.clean("slow").subscribe("t", 1);
    Client quick = world.clean("quick").subscribe("t", 1);
    Client publisher = world.clean("publisher");
    slow.writable = false;
    for (int i = 0; i < 300; i++) {
      publisher.publish("t", "m" + i, 1);
    }
    assertThat(slow.payloads()).isEmpty();
    assertThat(quick.payloads()).hasSize(300);
    slow.writable = true;
    slow.session().writable();
    assertThat(slow.payloads()).hasSize(300).isSortedAccordingTo(DeliveryTest::byNumber);
  }

  @Test
  void dropsWhatTheReceiversPolicyRefusesAsIfAcknowledged() {
    Client one = world.client("one");
    one.mayReceive = topic -> !topic.equals("secret");
    one.receiveMaximum = 1;
    one.connect(true, 0).subscribe("#", 2);
    world
        .clean("publisher")
        .publish("secret", "a", 1)
        .publish("secret", "b", 2)
        .publish("t", "c", 1);
    assertThat(one.payloads()).containsExactly("c");
    assertThat(world.exchange.statistics().droppedDenied()).isEqualTo(2);
    assertThat(world.exchange.statistics().queued()).isZero();
  }

  @Test
  void hidesDollarTopicsFromWildcardsOfTheFirstLevel() {
    Client one = world.clean("one").subscribe("#", 0).subscribe("+/x", 0).subscribe("$a/#", 0);
    Client two = world.clean("two").subscribe("#", 0).subscribe("+/x", 0);
    world.clean("publisher").publish("$a/x", "m", 0);
    assertThat(one.payloads()).containsExactly("m");
    assertThat(two.payloads()).isEmpty();
  }

  @Test
  void stopsDeliveringAfterUnsubscribe() {
    Client one = world.clean("one").subscribe("t", 0);
    one.unsubscribe("t", "never");
    world.clean("publisher").publish("t", "m", 0);
    assertThat(one.read()).containsExactly("CONNACK", "SUBACK [0]", "UNSUBACK [0, 17]");
    assertThat(world.exchange.statistics().subscriptions()).isZero();
  }

  @Test
  void removesSubscriptionsThatAreNoLongerAllowed() {
    Client one = world.clean("one").subscribe("a", 0).subscribe("b", 0);
    assertThat(one.session().revalidate(filter -> filter.equals("a"))).containsExactly("b");
    world.clean("publisher").publish("a", "1", 0).publish("b", "2", 0);
    assertThat(one.payloads()).containsExactly("1");
  }

  @Test
  void givesASharedSubscriptionsMembersTheirTurns() {
    Client one = world.clean("one").subscribe("$share/g/t", 1);
    Client two = world.clean("two").subscribe("$share/g/t", 1);
    Client alone = world.clean("alone").subscribe("$share/h/t", 1);
    Client publisher = world.clean("publisher");
    for (int i = 0; i < 10; i++) {
      publisher.publish("t", "m" + i, 1);
    }
    assertThat(one.payloads()).hasSize(5);
    assertThat(two.payloads()).hasSize(5);
    assertThat(alone.payloads()).hasSize(10);
  }

  @Test
  void prefersMembersThatAreOnlineAndKeepsForAPersistentOneOtherwise() {
    Client away = world.persistent("away").subscribe("$share/g/t", 1);
    Client here = world.clean("here").subscribe("$share/g/t", 1);
    Client publisher = world.clean("publisher");
    away.disconnect();
    publisher.publish("t", "a", 1).publish("t", "b", 1);
    assertThat(here.payloads()).containsExactly("a", "b");
    here.disconnect();
    publisher.publish("t", "c", 1);
    away.read();
    away.connect(false, World.FOREVER);
    assertThat(away.payloads()).containsExactly("c");
  }
}
