package io.sallyport.exchange.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.Ended;
import io.sallyport.exchange.ExchangeLimits;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Session;
import io.sallyport.identity.PrincipalId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that are left, resumed, taken over, expired, and carried over a restart. */
class SessionTest {
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
  void keepsSubscriptionsAndMessagesForOneWhoComesBack() {
    Client one = world.persistent("one").subscribe("t", 1);
    one.drop();
    one.read();
    world.clean("publisher").publish("t", "zero", 0).publish("t", "a", 1).publish("t", "b", 2);
    one.connect(false, World.FOREVER);
    assertThat(one.read()).containsExactly("CONNACK present", "PUBLISH t a q1", "PUBLISH t b q1");
    world.clean("publisher").publish("t", "c", 1);
    assertThat(one.payloads()).containsExactly("c");
  }

  @Test
  void forgetsASessionThatWasToEndWithItsConnection() {
    Client one = world.clean("one").subscribe("t", 1);
    one.drop();
    one.read();
    assertThat(world.exchange.statistics().subscriptions()).isZero();
    assertThat(one.connect(false, 0).read()).containsExactly("CONNACK");
  }

  @Test
  void discardsWhatIsStoredOnACleanStart() {
    Client one = world.persistent("one").subscribe("t", 1);
    one.drop();
    world.clean("publisher").publish("t", "a", 1);
    one.read();
    assertThat(one.connect(true, World.FOREVER).read()).containsExactly("CONNACK");
    world.restart();
    assertThat(one.connect(false, World.FOREVER).read()).containsExactly("CONNACK present");
    assertThat(world.exchange.statistics().subscriptions()).isZero();
    assertThat(world.exchange.statistics().queuedBytes()).isZero();
  }

  @Test
  void sendsAgainWhatWasNotAcknowledgedInOrderAndSaysSo() {
    Client one = world.persistent("one").subscribe("t", 2);
    one.acknowledging = false;
    Client publisher = world.clean("publisher");
    publisher.publish("t", "a", 1).publish("t", "b", 2).publish("t", "c", 1);
    one.read();
    one.drop();
    publisher.publish("t", "d", 1);
    one.acknowledging = true;
    assertThat(one.connect(false, World.FOREVER).read())
        .containsExactly(
            "CONNACK present",
            "PUBLISH t a q1 dup",
            "PUBLISH t b q2 dup",
            "PUBLISH t c q1 dup",
            "PUBLISH t d q1",
            "PUBREL");
  }

  @Test
  void repeatsPubrelForWhatTheClientHasReceived() {
    Client one = world.persistent("one").subscribe("t", 2);
    one.acknowledging = false;
    world.clean("publisher").publish("t", "a", 2);
    one.session().pubrec(1, false);
    assertThat(one.read()).endsWith("PUBLISH t a q2", "PUBREL");
    one.drop();
    assertThat(one.connect(false, World.FOREVER).read())
        .containsExactly("CONNACK present", "PUBREL");
    world.restart();
    assertThat(one.connect(false, World.FOREVER).read())
        .containsExactly("CONNACK present", "PUBREL");
    one.session().pubcomp(1);
    assertThat(world.exchange.statistics().queued()).isZero();
  }

  @Test
  void knowsAnExactlyOncePublicationAgainAfterARestart() {
    Client one = world.persistent("one").subscribe("t", 2);
    Client publisher = world.persistent("publisher");
    publisher.acknowledging = false;
    int packetId = publisher.send("t", "a", 2, false);
    publisher.read();
    assertThat(one.payloads()).containsExactly("a");
    world.restart();
    one.connect(false, World.FOREVER);
    publisher.connect(false, World.FOREVER);
    publisher.session().publish(World.message("publisher", "t", "a", 2, false), packetId, true);
    publisher.read();
    publisher.session().pubrel(packetId);
    assertThat(publisher.read()).containsExactly("PUBCOMP " + packetId + " SUCCESS");
    assertThat(one.payloads()).isEmpty();
  }

  /** The store as it was in the middle of something, as after SIGKILL. */
  private World killed() throws IOException {
    world.settle();
    Path copy = Files.createDirectories(world.directory.resolve("copy"));
    for (String file : new String[] {"exchange.db", "exchange.db-wal"}) {
      Files.copy(world.directory.resolve(file), copy.resolve(file));
    }
    return new World(copy);
  }

  @Test
  void saysThatItMayHaveSentWhatAKilledProcessMayHaveSent() throws IOException {
    Client away = world.persistent("away").subscribe("t", 1);
    away.drop();
    Client one = world.persistent("one").subscribe("t", 1);
    one.acknowledging = false;
    // Written before they are sent, so without their packet ids.
    one.writable = false;
    Client publisher = world.clean("publisher");
    publisher.publish("t", "a", 1);
    publisher.send(World.message("publisher", "t", "late", 1, false, world.nowMillis() + 60_000));
    assertThat(one.messages()).isEmpty();
    one.writable = true;
    one.session().writable();
    assertThat(one.messages()).containsExactly("PUBLISH t a q1", "PUBLISH t late q1");
    try (World next = killed()) {
      next.pass(Duration.ofMinutes(2));
      assertThat(next.persistent("one").messages()).containsExactly("PUBLISH t a q1 dup");
      assertThat(next.persistent("away").messages()).containsExactly("PUBLISH t a q1");
    }
  }

  @Test
  void knowsWhatItHasSentAfterAnOrderlyEnd() {
    Client one = world.client("one");
    one.receiveMaximum = 1;
    one.acknowledging = false;
    one.connect(false, World.FOREVER).subscribe("t", 1);
    world.clean("publisher").publish("t", "a", 1).publish("t", "b", 1);
    assertThat(one.messages()).containsExactly("PUBLISH t a q1");
    world.restart();
    one.acknowledging = true;
    assertThat(one.connect(false, World.FOREVER).messages())
        .containsExactly("PUBLISH t a q1 dup", "PUBLISH t b q1");
  }

  @Test
  void carriesEverythingOverARestart() {
    Client one = world.persistent("one").subscribe("t/#", 2);
    one.acknowledging = false;
    Client publisher = world.clean("publisher");
    publisher.publish("t/1", "sent", 1);
    one.read();
    one.drop();
    publisher.publish("t/2", "a", 1).publish("t/3", "b", 2).publish("t/4", "c", 1);
    world.restart();
    one.acknowledging = true;
    assertThat(one.connect(false, World.FOREVER).messages())
        .containsExactly(
            "PUBLISH t/1 sent q1 dup", "PUBLISH t/2 a q1", "PUBLISH t/3 b q2", "PUBLISH t/4 c q1");
    world.restart();
    assertThat(one.connect(false, World.FOREVER).messages()).isEmpty();
    assertThat(world.exchange.statistics().queued()).isZero();
  }

  @Test
  void answersOnlyWhenAnAbsentReceiversMessageIsDurable() {
    world.persistent("one").subscribe("t", 1).drop();
    Client publisher = world.clean("publisher");
    publisher.read();
    publisher.send("t", "a", 1, false);
    world.turn();
    assertThat(publisher.read()).containsExactly("PUBACK 1 SUCCESS");
  }

  @Test
  void writesNothingForWhatIsAcknowledgedAtOnce(@TempDir Path other) {
    Duration gathering = Duration.ofMillis(200);
    try (World patient = new World(other, ExchangeLimits.DEFAULTS, 1_000, gathering)) {
      Client one = patient.persistent("one").subscribe("t", 1);
      Client publisher = patient.clean("publisher");
      patient.settle();
      long before = patient.exchange.groupsWritten();
      publisher.send("t", "a", 1, false);
      while (!publisher.has("PUBACK 1 SUCCESS")) {
        patient.turn();
      }
      assertThat(one.payloads()).containsExactly("a");
      assertThat(patient.exchange.groupsWritten()).isEqualTo(before);
    }
  }

  @Test
  void letsANewConnectionTakeOver() {
    Client old = world.persistent("one").subscribe("t", 1);
    Client publisher = world.clean("publisher");
    Client young = world.client("one").connect(false, World.FOREVER);
    assertThat(old.read()).endsWith("CLOSED SESSION_TAKEN_OVER");
    publisher.publish("t", "a", 1);
    assertThat(young.read()).containsExactly("CONNACK present", "PUBLISH t a q1");
    Session dead = old.session();
    dead.publish(World.message("one", "t", "ghost", 1, false), 9, false);
    dead.subscribe(10, List.of());
    dead.lost();
    publisher.publish("t", "b", 1);
    assertThat(young.payloads()).containsExactly("b");
    assertThat(old.read()).isEmpty();
  }

  @Test
  void refusesTheClientIdOfSomebodyElsesLiveSession() {
    Client one = world.persistent("one").subscribe("t", 1);
    Client thief = new Client(world, new PrincipalId("thief"), "one");
    assertThat(thief.connect(false, World.FOREVER).read())
        .containsExactly("CLOSED CLIENT_IDENTIFIER_NOT_VALID");
    world.clean("publisher").publish("t", "a", 1);
    assertThat(one.payloads()).containsExactly("a");
  }

  @Test
  void neverResumesTheStoredSessionOfSomebodyElse() {
    world.persistent("one").subscribe("t", 1).drop();
    world.clean("publisher").publish("t", "secret", 1);
    Client other = new Client(world, new PrincipalId("other"), "one");
    assertThat(other.connect(false, World.FOREVER).read()).containsExactly("CONNACK");
    world.clean("publisher").publish("t", "more", 1);
    assertThat(other.messages()).isEmpty();
  }

  @Test
  void expiresAtTheMomentThatTheClientAskedFor() {
    Client one = world.client("one").connect(false, 60).subscribe("t", 1);
    one.drop();
    world.pass(Duration.ofSeconds(59));
    assertThat(world.exchange.statistics().sessionsStored()).isEqualTo(1);
    world.pass(Duration.ofSeconds(1));
    assertThat(world.exchange.statistics().sessionsStored()).isZero();
    one.read();
    assertThat(one.connect(false, 60).read()).containsExactly("CONNACK");
  }

  @Test
  void countsTheTimeOfARestartForExpiry() {
    Client one = world.client("one").connect(false, 60);
    Client two = world.client("two").connect(false, 60);
    one.drop();
    world.pass(Duration.ofSeconds(40));
    world.restart();
    world.pass(Duration.ofSeconds(30));
    one.read();
    two.read();
    assertThat(one.connect(false, 60).read()).containsExactly("CONNACK");
    assertThat(two.connect(false, 60).read()).containsExactly("CONNACK present");
  }

  @Test
  void takesTheExpiryOfTheDisconnect() {
    Client one = world.persistent("one").subscribe("t", 1);
    one.session().disconnect(false, 0);
    assertThat(world.exchange.statistics().sessionsStored()).isZero();
    world.restart();
    one.read();
    assertThat(one.connect(false, 0).read()).containsExactly("CONNACK");
  }

  @Test
  void dropsMessagesThatExpiredWhileTheyWaited() {
    Client one = world.persistent("one").subscribe("t", 1);
    one.drop();
    Client publisher = world.clean("publisher");
    publisher.send(World.message("publisher", "t", "short", 1, false, world.nowMillis() + 1_000));
    publisher.send(World.message("publisher", "t", "long", 1, false, world.nowMillis() + 9_000));
    world.pass(Duration.ofSeconds(1));
    assertThat(one.connect(false, World.FOREVER).payloads()).containsExactly("long");
    assertThat(world.exchange.statistics().droppedExpired()).isEqualTo(1);
  }

  @Test
  void endsEverythingOfAPrincipal() {
    Client victim = world.client("victim");
    victim.acknowledging = false;
    victim.receiveMaximum = 1;
    victim.connect(false, World.FOREVER).subscribe("t", 1).subscribe("u", 1);
    Client other = world.persistent("other").subscribe("from/victim", 1);
    other.drop();
    victim.retain("kept", "x", 1).publish("from/victim", "still", 1);
    other.retain("others", "y", 0);
    world.clean("publisher").publish("t", "a", 1).publish("t", "b", 1);
    victim.read();

    var ended = endOf("victim");

    assertThat(ended.outletsClosed()).isEqualTo(1);
    assertThat(ended.sessions()).isEqualTo(1);
    assertThat(ended.subscriptions()).isEqualTo(2);
    assertThat(ended.queued()).isEqualTo(1);
    assertThat(ended.inFlight()).isEqualTo(1);
    assertThat(ended.retained()).isEqualTo(1);
    assertThat(victim.read()).containsExactly("CLOSED ADMINISTRATIVE_ACTION");
    world.restart();
    assertThat(world.exchange.statistics().retained()).isZero();
    assertThat(victim.connect(false, World.FOREVER).read()).containsExactly("CONNACK");
    assertThat(other.connect(false, World.FOREVER).payloads()).containsExactly("still");
  }

  private Ended endOf(String principal) {
    world.settle();
    return world.exchange.end(new PrincipalId(principal), Reason.ADMINISTRATIVE_ACTION);
  }
}
