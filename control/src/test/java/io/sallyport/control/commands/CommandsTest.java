package io.sallyport.control.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.commands.CommandAnswer.Refused;
import io.sallyport.control.messaging.Publication;
import io.sallyport.identity.command.Challenge;
import io.sallyport.identity.command.CommandDispatcher.Outcome;
import io.sallyport.identity.command.Receipt;
import io.sallyport.identity.command.Refusal;
import io.sallyport.ledger.EventType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Signed commands at the desk, with devices that verify them. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class CommandsTest extends CommandStage {
  CommandsTest(TestDatabase database) {
    super(database);
  }

  @Test
  void aCommandIsSignedSentDoneOnceAndAnswered() throws Exception {
    var device = device();
    var arguments = JSON.readTree("{\"delay\":5,\"force\":true,\"list\":[1,\"a\",null]}");
    var wishes =
        Map.of(
            "delay", arguments.get("delay"),
            "force", arguments.get("force"),
            "list", arguments.get("list"));

    var sent = send(device.id(), "reboot", wishes, Duration.ofSeconds(30));

    assertThat(sent.status()).isEqualTo(CommandStatus.DELIVERED);
    assertThat(posted)
        .extracting(Publication::topic)
        .containsExactly(
            "devices/" + device.id() + "/commands",
            "$aws/commands/things/" + device.id() + "/executions/" + sent.id() + "/request/cbor");
    assertThat(posted.get(0).payload()).isEqualTo(posted.get(1).payload());
    var answer = (Outcome.Answer) device.take(posted.get(0).payload());
    assertThat(device.take(posted.get(1).payload()))
        .isEqualTo(new Outcome.Answer(answer.receipt(), false));
    assertThat(device.done).hasSize(1);
    assertThat(device.done.getFirst().arguments()).containsOnlyKeys("delay", "force", "list");

    says(device.id(), "receipts", device.sign(answer.receipt()));

    var known = now(sent);
    assertThat(known.status()).isEqualTo(CommandStatus.EXECUTED);
    assertThat(known.proof()).isEqualTo("device-key");
    assertThat(known.stateHash()).isEqualTo("ab".repeat(32));
    assertThat(events(device.id()))
        .containsSubsequence(EventType.COMMAND_SENT, EventType.COMMAND_ANSWERED);
  }

  @Test
  void numbersGoOnWhateverSendsAndNoneComesTwice() throws Exception {
    var device = device();
    try (var pool = Executors.newFixedThreadPool(4)) {
      var sent =
          IntStream.range(0, 20)
              .mapToObj(_ -> CompletableFuture.supplyAsync(() -> send(device.id(), "reboot"), pool))
              .toList();
      assertThat(sent.stream().map(one -> one.join().sequence()))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 20).mapToObj(Long::valueOf).toList());
    }
    // Another process on the same registry, begun after this one ended.
    end();
    begin();
    assertThat(send(device.id(), "reboot").sequence()).isEqualTo(20);
    assertThat(send(device().id(), "reboot").sequence()).isZero();
  }

  @Test
  void whatHasNoWayIsSentAgainUntilItHasAndUntilItIsAnswered() throws Exception {
    var device = device();
    open = false;
    var sent = send(device.id(), "reboot", Map.of(), Duration.ofHours(1));
    assertThat(sent.status()).isEqualTo(CommandStatus.PENDING);

    open = true;
    service.round();
    assertThat(topicsOf(device)).as("not yet").isEmpty();
    desk.clock.advance(Duration.ofSeconds(6));
    service.round();
    assertThat(now(sent).status()).isEqualTo(CommandStatus.DELIVERED);

    desk.clock.advance(Duration.ofSeconds(11));
    service.round();
    assertThat(now(sent).attempts()).isEqualTo(3);
    var connected = hears("$aws/events/presence/connected/" + device.id(), text("{}"));
    assertThat(connected).hasSize(1);
    assertThat(connected.getFirst().payload()).isEqualTo(lastTo(device.id()));

    var answer = (Outcome.Answer) device.take(lastTo(device.id()));
    says(device.id(), "receipts", device.sign(answer.receipt()));
    int before = posted.size();
    desk.clock.advance(Duration.ofMinutes(20));
    service.round();
    assertThat(posted.stream().skip(before).map(Publication::topic))
        .noneMatch(topic -> topic.contains(device.id().value()));
    assertThat(hears("$aws/events/presence/connected/" + device.id(), text("{}"))).isEmpty();
  }

  @Test
  void aCommandExpiresAndIsNotSentAfterwards() throws Exception {
    var device = device();
    open = false;
    var sent = send(device.id(), "reboot", Map.of(), Duration.ofSeconds(1));
    open = true;
    desk.clock.advance(Duration.ofSeconds(10));
    service.round();

    assertThat(now(sent).status()).isEqualTo(CommandStatus.EXPIRED);
    assertThat(topicsOf(device)).isEmpty();
  }

  @Test
  void attemptsAreBounded() throws Exception {
    var device = device();
    var sent = send(device.id(), "reboot", Map.of(), Duration.ofDays(6));
    for (int round = 0; round < 40; round++) {
      desk.clock.advance(Duration.ofMinutes(11));
      service.round();
    }
    assertThat(now(sent).attempts()).isEqualTo(Courier.ATTEMPTS_MAX);
  }

  @Test
  void aReceiptOfAnotherOrForgedChangesNothing() throws Exception {
    var device = device();
    var other = device();
    var sent = send(device.id(), "reboot");
    var answer = (Outcome.Answer) device.take(lastTo(device.id()));
    var good = device.sign(answer.receipt());

    says(device.id(), "receipts", other.sign(answer.receipt()));
    says(other.id(), "receipts", good);
    says(other.id(), "receipts", other.sign(about(answer.receipt(), other.id(), sent.id())));
    says(device.id(), "receipts", device.sign(about(answer.receipt(), device.id(), random())));
    says(device.id(), "receipts", lastTo(device.id()));
    says(device.id(), "receipts", new byte[5_000]);
    for (int at = 0; at < good.length; at += 7) {
      var changed = good.clone();
      changed[at] ^= 1;
      says(device.id(), "receipts", changed);
    }

    assertThat(now(sent).status()).isEqualTo(CommandStatus.DELIVERED);
    assertThat(events(device.id())).containsOnlyOnce(EventType.COMMAND_RECEIPT_REFUSED);
    says(device.id(), "receipts", good);
    assertThat(now(sent).status()).isEqualTo(CommandStatus.EXECUTED);
  }

  @Test
  void whatADeviceSignedIsNeverChangedAgain() throws Exception {
    var device = device();
    var sent = send(device.id(), "reboot");
    var done = ((Outcome.Answer) device.take(lastTo(device.id()))).receipt();
    service.commands().cancel(sent.id(), "admin");
    assertThat(now(sent).status()).isEqualTo(CommandStatus.CANCELLED);

    says(device.id(), "receipts", device.sign(done));
    assertThat(now(sent).status()).as("it did it all the same").isEqualTo(CommandStatus.EXECUTED);

    var refusal =
        new Receipt(
            sent.id(),
            device.id(),
            done.sequence(),
            Receipt.Result.REFUSED,
            Refusal.EXPIRED,
            null,
            "",
            null);
    says(device.id(), "receipts", device.sign(refusal));
    assertThat(now(sent).status()).isEqualTo(CommandStatus.EXECUTED);
    assertThat(service.commands().cancel(sent.id(), "admin")).isInstanceOf(Refused.class);
  }

  @Test
  void aRefusalIsKeptWithItsReason() throws Exception {
    var device = device();
    var sent = send(device.id(), "format-disk");

    var answer = (Outcome.Answer) device.take(lastTo(device.id()));
    says(device.id(), "receipts", device.sign(answer.receipt()));

    assertThat(device.done).isEmpty();
    assertThat(now(sent).status()).isEqualTo(CommandStatus.REFUSED);
    assertThat(now(sent).reason()).isEqualTo("not-allowed");
  }

  @Test
  void aDeviceWithoutAClockIsSentWhatAnswersItsChallenge() throws Exception {
    var device = device();
    var first = new Challenge("11".repeat(16));
    assertThat(says(device.id(), "challenge", first.bytes())).isEmpty();
    var sent = send(device.id(), "reboot", Map.of(), Duration.ofHours(1));
    assertThat(device.take(lastTo(device.id()), new Challenge("22".repeat(16))))
        .isInstanceOfSatisfying(
            Outcome.Answer.class,
            answer -> assertThat(answer.receipt().refusal()).isEqualTo(Refusal.CHALLENGE));
    assertThat(((Outcome.Answer) device.take(lastTo(device.id()), first)).done()).isTrue();

    posted.clear();
    var waiting = send(device.id(), "reboot", Map.of(), Duration.ofHours(1));
    desk.clock.advance(Duration.ofMinutes(1));
    service.round();
    assertThat(now(waiting).envelope()).isNull();
    assertThat(posted.stream().map(Publication::topic))
        .noneMatch(topic -> topic.contains(waiting.id().hex()));
    var second = new Challenge("33".repeat(16));
    var published = says(device.id(), "challenge", second.bytes());
    assertThat(published).hasSize(2);
    assertThat(((Outcome.Answer) device.take(published.getFirst().payload(), second)).done())
        .isTrue();
    assertThat(device.done).hasSize(2);

    assertThat(says(device.id(), "challenge", second.bytes())).as("signed once").isEmpty();
    assertThat(says(device.id(), "challenge", new byte[15])).isEmpty();
    assertThat(sent.sequence()).isNotEqualTo(now(waiting).sequence());
  }
}
