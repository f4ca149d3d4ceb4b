package io.sallyport.exchange.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last message of a topic, kept for those who come later. */
class RetainedTest {
  private World world;
  private Client publisher;

  @BeforeEach
  void begin(@TempDir Path directory) {
    world = new World(directory);
    publisher = world.clean("publisher");
  }

  @AfterEach
  void finish() {
    world.close();
  }

  @Test
  void isSentToEveryNewSubscriberAfterTheSuback() {
    publisher.retain("a/b", "old", 1).retain("a/b", "new", 1).retain("a", "top", 0);
    Client one = world.clean("one").subscribe("a/#", 2);
    assertThat(one.read())
        .containsExactlyInAnyOrder(
            "CONNACK", "SUBACK [2]", "PUBLISH a/b new q1 retain", "PUBLISH a top q0 retain")
        .startsWith("CONNACK", "SUBACK [2]");
  }

  @Test
  void reachesPresentSubscribersAsAnOrdinaryMessageUnlessTheyAsk() {
    Client one =
        world
            .clean("one")
            .subscribe(
                new Subscription("a", 0, false, false, 0, 0),
                new Subscription("b", 0, false, true, 0, 0));
    publisher.retain("a", "1", 0).retain("b", "2", 0);
    assertThat(one.messages()).containsExactly("PUBLISH a 1 q0", "PUBLISH b 2 q0 retain");
  }

  @Test
  void isDeletedByAnEmptyPayload() {
    publisher.retain("a", "1", 1).retain("a", "", 1);
    assertThat(world.clean("one").subscribe("#", 0).messages()).isEmpty();
    world.restart();
    assertThat(world.clean("one").subscribe("#", 0).messages()).isEmpty();
  }

  @Test
  void isSentByTheHandlingThatTheSubscriberChose() {
    publisher.retain("a", "1", 0);
    Client one = world.clean("one");
    one.subscribe(new Subscription("a", 0, false, false, 2, 0));
    assertThat(one.payloads()).isEmpty();
    one.subscribe(new Subscription("a", 0, false, false, 1, 0));
    assertThat(one.payloads()).isEmpty();
    one.subscribe(new Subscription("a", 0, false, false, 0, 7));
    assertThat(one.messages()).containsExactly("PUBLISH a 1 q0 retain [7]");
    one.unsubscribe("a").subscribe(new Subscription("a", 0, false, false, 1, 0));
    assertThat(one.payloads()).containsExactly("1");
  }

  @Test
  void isNotSentToSharedSubscriptions() {
    publisher.retain("a", "1", 0);
    assertThat(world.clean("one").subscribe("$share/g/a", 0).messages()).isEmpty();
  }

  @Test
  void survivesARestart() {
    publisher.retain("a/b", "1", 1).retain("c", "2", 0);
    world.restart();
    assertThat(world.clean("one").subscribe("+/+", 1).payloads()).containsExactly("1");
    assertThat(world.clean("two").subscribe("c", 1).payloads()).containsExactly("2");
  }

  @Test
  void hidesDollarTopicsFromWildcardsOfTheFirstLevel() {
    publisher.retain("$a/b", "1", 0);
    assertThat(world.clean("one").subscribe("#", 0).subscribe("+/b", 0).payloads()).isEmpty();
    assertThat(world.clean("two").subscribe("$a/#", 0).payloads()).containsExactly("1");
  }

  @Test
  void isLookedThroughByPagesOfBoundedNumberAndBytes() {
    publisher.retain("b", "2", 0).retain("a/b", "1", 0).retain("$c", "0", 0).retain("a", "x", 0);
    publisher.retain("a", "", 0);
    world.settle();
    var all = new ArrayList<String>();
    @Nullable String after = "";
    for (int pages = 0; after != null; pages++) {
      var page = world.exchange.retained(after, 1, Long.MAX_VALUE).orElseThrow();
      assertThat(page.messages()).hasSizeLessThanOrEqualTo(1);
      assertThat(pages).isLessThan(5);
      page.messages().forEach(message -> all.add(message.topicText()));
      after = page.next();
    }
    assertThat(all).containsExactly("$c", "a/b", "b");
    var bytes = world.exchange.retained("", 100, 100).orElseThrow();
    assertThat(bytes.messages()).extracting(Message::topicText).containsExactly("$c", "a/b");
    assertThat(bytes.next()).isEqualTo("a/b");
    var rest = world.exchange.retained("a/b", 100, Long.MAX_VALUE).orElseThrow();
    assertThat(rest.messages()).extracting(Message::topicText).containsExactly("b");
    assertThat(rest.next()).isNull();
  }

  @Test
  void isNotLookedAtWhenItHasExpired() {
    publisher.send(World.message("publisher", "a", "1", 0, true, world.nowMillis() + 1_000));
    publisher.retain("b", "2", 0);
    world.settle();
    world.restart();
    world.pass(Duration.ofSeconds(1));
    assertThat(world.exchange.retained("", 9, 9_999).orElseThrow().messages())
        .extracting(Message::topicText)
        .containsExactly("b");
  }

  @Test
  void expires() {
    publisher.send(World.message("publisher", "a", "1", 0, true, world.nowMillis() + 1_000));
    world.settle();
    assertThat(world.clean("one").subscribe("a", 0).payloads()).containsExactly("1");
    world.pass(Duration.ofSeconds(1));
    assertThat(world.clean("two").subscribe("a", 0).payloads()).isEmpty();
    assertThat(world.exchange.statistics().retained()).isZero();
    assertThat(world.exchange.statistics().retainedBytes()).isZero();
  }
}
