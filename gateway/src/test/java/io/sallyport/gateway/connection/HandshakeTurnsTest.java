package io.sallyport.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.sallyport.gateway.connection.HandshakeTurns.Rank;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A flood of handshakes leaves room for those who are in, and lets known devices go first. */
class HandshakeTurnsTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<String> done = new ArrayList<>();
  private long now;
  private final HandshakeTurns turns = new HandshakeTurns(channel.eventLoop(), () -> now);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private Runnable step(String name, long nanos) {
    return () -> {
      now += nanos;
      done.add(name);
    };
  }

  private void pollSocketsThenTasks() {
    done.add("sockets");
    channel.runScheduledPendingTasks();
  }

  @Test
  void aTurnIsOverWhenItsTimeIs() {
    assertThat(turns.isFree()).isTrue();
    turns.take(step("a", HandshakeTurns.TURN_NANOS - 1));
    assertThat(turns.isFree()).isTrue();
    turns.take(step("b", 1));
    assertThat(turns.isFree()).isFalse();
    pollSocketsThenTasks();
    assertThat(turns.isFree()).isTrue();
  }

  @Test
  void socketsAreServedBetweenTurnsAndKnownDevicesGoFirst() {
    turns.take(step("first", HandshakeTurns.TURN_NANOS));
    turns.queue(Rank.NEW, step("new", HandshakeTurns.TURN_NANOS));
    turns.queue(Rank.RESUMING, step("resuming", HandshakeTurns.TURN_NANOS));
    turns.queue(Rank.BEGUN, step("begun", HandshakeTurns.TURN_NANOS));
    for (int i = 0; i < 3; i++) {
      pollSocketsThenTasks();
    }
    assertThat(done)
        .containsExactly("first", "sockets", "begun", "sockets", "resuming", "sockets", "new");
    assertThat(turns.isFree()).isFalse();
    pollSocketsThenTasks();
    assertThat(turns.isFree()).isTrue();
  }

  @Test
  void cheapStepsShareATurn() {
    turns.take(step("first", HandshakeTurns.TURN_NANOS));
    for (int i = 0; i < 4; i++) {
      turns.queue(Rank.NEW, step("new", HandshakeTurns.TURN_NANOS / 4));
    }
    pollSocketsThenTasks();
    assertThat(done).containsExactly("first", "sockets", "new", "new", "new", "new");
  }

  @Test
  void whoComesWhileOthersWaitHasToWaitToo() {
    turns.take(step("first", HandshakeTurns.TURN_NANOS));
    turns.queue(Rank.NEW, step("new", 1));
    assertThat(turns.isFree()).isFalse();
  }
}
