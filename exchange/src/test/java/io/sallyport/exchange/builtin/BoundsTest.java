package io.sallyport.exchange.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every bound is reached, and what happens then is what is documented. */
class BoundsTest {
  private static final ExchangeLimits SMALL =
      new ExchangeLimits(4, 2_000, 3_000, 2, 3, 3, 1_000, 100, 3);

  @TempDir Path directory;
  private @Nullable World opened;

  private World world(ExchangeLimits limits) {
    World world = new World(directory, limits);
    opened = world;
    return world;
  }

  @AfterEach
  void finish() {
    if (opened != null) {
      opened.close();
    }
  }

  @Test
  void refusesThePublicationThatAFullQueueCannotTakeAndGivesItToTheOthers() {
    World world = world(SMALL);
    Client away = world.persistent("away").subscribe("t", 1);
    away.drop();
    Client here = world.clean("here").subscribe("t", 1);
    Client publisher = world.clean("publisher");
    publisher.read();
    for (int i = 1; i <= 5; i++) {
      publisher.publish("t", "m" + i, 1);
    }
    assertThat(publisher.read()).endsWith("PUBACK 4 SUCCESS", "PUBACK 5 QUOTA_EXCEEDED");
    publisher.publish("t", "m6", 2);
    assertThat(publisher.read()).containsExactly("PUBREC 6 QUOTA_EXCEEDED");
    assertThat(here.payloads()).containsExactly("m1", "m2", "m3", "m4", "m5", "m6");
    assertThat(world.exchange.statistics().refusedQueueFull()).isEqualTo(2);
    assertThat(away.connect(false, 60).payloads()).containsExactly("m1", "m2", "m3", "m4");
  }

  @Test
  void otherLimitsHoldFromTheNextMessageOnAndTakeNothingAway() {
    World world = world(ExchangeLimits.DEFAULTS);
    Client away = world.persistent("away").subscribe("t", 1);
    away.drop();
    Client publisher = world.clean("publisher");
    publisher.read();
    for (int i = 1; i <= 6; i++) {
      publisher.publish("t", "m" + i, 1);
    }
    publisher.read();
    world.exchange.limit(SMALL);
    publisher.publish("t", "m7", 1);
    assertThat(publisher.read()).containsExactly("PUBACK 7 QUOTA_EXCEEDED");
    world.exchange.limit(ExchangeLimits.DEFAULTS);
    publisher.publish("t", "m8", 1);
    assertThat(publisher.read()).containsExactly("PUBACK 8 SUCCESS");
    assertThat(away.connect(false, 60).payloads())
        .containsExactly("m1", "m2", "m3", "m4", "m5", "m6", "m8");
  }

  @Test
  void dropsTheOldestQosZeroFirst() {
    World world = world(SMALL);
    Client slow = world.clean("slow").subscribe("t", 1);
    slow.writable = false;
    Client publisher = world.clean("publisher");
    publisher.publish("t", "a", 1).publish("t", "x", 0).publish("t", "y", 0).publish("t", "b", 1);
    publisher.publish("t", "z", 0).publish("t", "c", 1);
    slow.writable = true;
    slow.session().writable();
    assertThat(slow.payloads()).containsExactly("a", "b", "z", "c");
    assertThat(world.exchange.statistics().droppedQueueFull()).isEqualTo(2);
  }

  @Test
  void dropsAQosZeroMessageWhenNothingElseMayGo() {
    World world = world(SMALL);
    Client slow = world.clean("slow").subscribe("t", 1);
    slow.writable = false;
    Client publisher = world.clean("publisher");
    for (int i = 0; i < 4; i++) {
      publisher.publish("t", "m" + i, 1);
    }
    publisher.publish("t", "lost", 0);
    slow.writable = true;
    slow.session().writable();
    assertThat(slow.payloads()).containsExactly("m0", "m1", "m2", "m3");
    assertThat(world.exchange.statistics().droppedQueueFull()).isEqualTo(1);
  }

  @Test
  void makesRoomByDroppingWhatHasExpired() {
    World world = world(SMALL);
    Client away = world.persistent("away").subscribe("t", 1);
    away.drop();
    Client publisher = world.clean("publisher");
    publisher.read();
    for (int i = 0; i < 4; i++) {
      publisher.send(
          World.message("publisher", "t", "old" + i, 1, false, world.nowMillis() + 1_000));
    }
    world.pass(Duration.ofSeconds(2));
    publisher.read();
    publisher.publish("t", "new", 1);
    assertThat(publisher.read()).containsExactly("PUBACK 5 SUCCESS");
    assertThat(away.connect(false, 60).payloads()).containsExactly("new");
  }

  @Test
  void boundsTheBytesOfOneQueueIncludingWhatIsInFlight() {
    World world = world(SMALL);
    Client one = world.client("one");
    one.acknowledging = false;
    one.connect(true, 0).subscribe("t", 1);
    Client publisher = world.clean("publisher");
    publisher.publish("t", "x".repeat(1_500), 1).publish("t", "y".repeat(800), 1);
    assertThat(publisher.read()).endsWith("PUBACK 1 SUCCESS", "PUBACK 2 QUOTA_EXCEEDED");
    one.session().puback(1);
    publisher.publish("t", "y".repeat(800), 1);
    assertThat(publisher.read()).containsExactly("PUBACK 3 SUCCESS");
  }

  @Test
  void refusesBeforeRoutingWhenAllQueuesTogetherAreFull() {
    World world = world(SMALL);
    world.persistent("one").subscribe("t", 1).drop();
    world.persistent("two").subscribe("u", 1).drop();
    Client publisher = world.clean("publisher");
    publisher.publish("t", "x".repeat(1_500), 1);
    Client here = world.clean("here").subscribe("u", 1);
    publisher.publish("u", "y".repeat(1_500), 1);
    assertThat(publisher.read()).endsWith("PUBACK 1 SUCCESS", "PUBACK 2 QUOTA_EXCEEDED");
    assertThat(here.payloads()).isEmpty();
    assertThat(world.exchange.statistics().queuedBytes()).isLessThanOrEqualTo(3_000);
  }

  @Test
  void boundsStoredSessions() {
    World world = world(SMALL);
    world.persistent("one").drop();
    world.persistent("two").drop();
    assertThat(world.persistent("three").read()).containsExactly("CLOSED QUOTA_EXCEEDED");
    assertThat(world.clean("four").read()).containsExactly("CONNACK");
    assertThat(world.persistent("two").read()).containsExactly("CONNACK present");
    world.client("two").connect(true, 0);
    assertThat(world.persistent("three").read()).containsExactly("CONNACK");
    assertThat(world.exchange.statistics().sessionsStored()).isEqualTo(2);
  }

  @Test
  void boundsTheTimeThatASessionIsKept() {
    World world = world(SMALL);
    world.persistent("one").drop();
    world.pass(Duration.ofSeconds(100));
    assertThat(world.exchange.statistics().sessionsStored()).isZero();
  }

  @Test
  void boundsSubscriptionsOfASession() {
    World world = world(SMALL);
    Client one = world.clean("one").subscribe("a", 0).subscribe("b", 0).subscribe("c", 0);
    one.read();
    one.subscribe("d", 0).subscribe("a", 1);
    assertThat(one.read()).containsExactly("SUBACK [151]", "SUBACK [1]");
    assertThat(world.exchange.statistics().subscriptions()).isEqualTo(3);
  }

  @Test
  void boundsTheLevelsOfAFilterAndOfARetainedTopic() {
    World world = world(SMALL);
    String deep = String.join("/", Collections.nCopies(200, "x"));
    Client one = world.clean("one").subscribe(deep, 0).subscribe("#", 0);
    assertThat(one.read()).containsExactly("CONNACK", "SUBACK [143]", "SUBACK [0]");
    one.retain(deep, "m", 1);
    assertThat(one.read()).contains("PUBACK 3 QUOTA_EXCEEDED", "PUBLISH " + deep + " m q0");
    String deepest = String.join("/", Collections.nCopies(32_000, ""));
    one.unsubscribe("#").subscribe("/#", 0).read();
    one.publish(deepest, "m", 1);
    assertThat(one.read()).last().asString().endsWith("PUBACK 6 QUOTA_EXCEEDED");
    one.publish("/x", "m", 0);
    assertThat(one.payloads()).containsExactly("m");
  }

  @Test
  void boundsRetainedMessagesInNumberAndBytes() {
    World world = world(SMALL);
    Client publisher = world.clean("publisher");
    publisher.read();
    publisher.retain("a", "1", 1).retain("b", "1", 1).retain("c", "1", 1).retain("d", "1", 1);
    assertThat(publisher.read()).endsWith("PUBACK 4 QUOTA_EXCEEDED");
    publisher.retain("a", "", 1).retain("d", "1", 1).retain("d", "x".repeat(900), 1);
    assertThat(publisher.read())
        .endsWith("PUBACK 6 NO_MATCHING_SUBSCRIBERS", "PUBACK 7 QUOTA_EXCEEDED");
    assertThat(world.exchange.statistics().retained()).isEqualTo(3);
    assertThat(world.clean("one").subscribe("d", 0).payloads()).containsExactly("1");
  }

  @Test
  void refusesWhatAStoreThatHangsCannotTakeAndGoesOnAfterwards() {
    int sent = Journal.WAITING_MAX + 12_000;
    World world =
        world(new ExchangeLimits(1 << 20, 1L << 30, 1L << 30, 2, 3, 3, 1_000, 100, 1 << 20));
    world.persistent("away").subscribe("t", 1).drop();
    Client publisher = world.clean("publisher");
    publisher.read();

    world.whileTheStoreHangs(
        () -> {
          for (int i = 0; i < sent; i++) {
            publisher.send("t", "m", 1, false);
          }
        });

    List<String> answers = publisher.read();
    long kept = answers.stream().filter(answer -> answer.endsWith(" SUCCESS")).count();
    assertThat(answers).hasSize(sent).last().asString().endsWith(" UNSPECIFIED_ERROR");
    // What was on its way into the store when it hung is beside what waits.
    assertThat(kept).isBetween((long) Journal.WAITING_MAX, Journal.WAITING_MAX + 8_192L);
    assertThat(world.exchange.statistics().queued()).isEqualTo(kept);
    publisher.publish("t", "again", 1);
    assertThat(publisher.read()).last().asString().endsWith(" SUCCESS");
  }

  @Test
  void endsAClientThatExceedsTheReceiveMaximum() {
    World world = world(SMALL);
    Client publisher = world.clean("publisher");
    publisher.acknowledging = false;
    publisher.publish("t", "1", 2).publish("t", "2", 2).publish("t", "3", 2);
    assertThat(publisher.read()).hasSize(4);
    publisher.publish("t", "4", 2);
    assertThat(publisher.read()).containsExactly("CLOSED RECEIVE_MAXIMUM_EXCEEDED");
    assertThat(world.exchange.statistics().sessionsOnline()).isZero();
  }

  @Test
  void boundsWhatRetainedMessagesANewSubscriberGets() {
    World world = world(SMALL);
    Client publisher = world.clean("publisher");
    publisher.retain("a", "1", 1).retain("b", "1", 1).retain("c", "1", 1);
    Client one = world.persistent("one").subscribe(new Subscription("t", 1, false, false, 0, 0));
    one.writable = false;
    publisher.publish("t", "1", 1).publish("t", "2", 1);
    one.subscribe("#", 1);
    one.writable = true;
    one.session().writable();
    assertThat(one.payloads()).hasSize(4);
    assertThat(world.exchange.statistics().droppedQueueFull()).isEqualTo(1);
  }
}
