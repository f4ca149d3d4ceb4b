package io.sallyport.control.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestClock;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.store.Database;
import io.sallyport.ledger.Chain;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class LedgerStoreTest {
  @Parameter private TestDatabase kind;
  private Database database;
  private LedgerStore ledger;

  @BeforeEach
  void open() {
    database = kind.fresh();
    ledger = new LedgerStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static SecurityEvent event(String subject) {
    return SecurityEvent.of(
        Instant.ofEpochMilli(1_700_000_000_123L),
        EventType.PUBLISH_DENIED,
        "actor",
        subject,
        Map.of("reason", "policy", "topic", "a/b"));
  }

  private void append(int count) {
    for (int index = 0; index < count; index++) {
      ledger.append(List.of(event("s" + index)));
    }
  }

  private Chain.Verdict afterTampering(String sql) {
    database.change(handle -> handle.execute(sql));
    return ledger.verify().verdict();
  }

  @Test
  void givesBackWhatWasAppendedInOrder() {
    append(5);

    assertThat(ledger.after(3, 10)).extracting(record -> record.sequence()).containsExactly(4L, 5L);
    assertThat(ledger.last(2))
        .extracting(record -> record.event().subject())
        .containsExactly("s3", "s4");
    assertThat(ledger.last(1).getFirst().event()).isEqualTo(event("s4"));
    assertThat(ledger.verify().verdict().records()).isEqualTo(5);
  }

  @Test
  void appendsFromManyThreadsAndTwoProcessesStayOneChain() throws Exception {
    var url = kind.freshUrl();
    try (var one = Database.open(url, null, null);
        var other = Database.open(url, null, null);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<java.util.concurrent.Future<?>>();
      for (int thread = 0; thread < 8; thread++) {
        var store = new LedgerStore(thread % 2 == 0 ? one : other);
        running.add(
            threads.submit(
                () -> {
                  for (int index = 0; index < 25; index++) {
                    store.append(List.of(event("x"), event("y")));
                  }
                }));
      }
      for (var each : running) {
        each.get();
      }
      assertThat(new LedgerStore(one).verify().verdict())
          .isInstanceOfSatisfying(
              Chain.Intact.class, intact -> assertThat(intact.records()).isEqualTo(400));
    }
  }

  @Test
  void noticesARecordThatWasChanged() {
    append(5);

    assertThat(afterTampering("update ledger set subject = 'nobody' where sequence = 3"))
        .isEqualTo(new Chain.Broken(2, 3, Chain.Why.CHANGED));
  }

  @Test
  void noticesARecordThatIsNoLongerReadable() {
    append(5);

    assertThat(afterTampering("update ledger set type = 'no-such-type' where sequence = 3"))
        .isEqualTo(new Chain.Broken(2, 3, Chain.Why.CHANGED));
    assertThat(afterTampering("update ledger set facts = '{' where sequence = 2"))
        .isEqualTo(new Chain.Broken(1, 2, Chain.Why.CHANGED));
  }

  @Test
  void noticesARecordThatWasTakenOut() {
    append(5);

    assertThat(afterTampering("delete from ledger where sequence = 3"))
        .isEqualTo(new Chain.Broken(2, 3, Chain.Why.MISSING));
  }

  @Test
  void noticesThatTheEndWasCutOff() {
    append(5);

    assertThat(afterTampering("delete from ledger where sequence > 3"))
        .isEqualTo(new Chain.Broken(3, 4, Chain.Why.MISSING));
  }

  @Test
  void keepsTextsThatADeviceMadeUp() {
    var hostile = "a\0b\uD800c" + "x".repeat(100_000) + "'; drop table ledger; --";
    ledger.append(
        List.of(
            SecurityEvent.of(
                Instant.EPOCH,
                EventType.CONNECT_REFUSED,
                hostile,
                hostile,
                Map.of("topic", hostile))));

    assertThat(ledger.verify().verdict()).isInstanceOf(Chain.Intact.class);
    assertThat(ledger.last(1).getFirst().event().subject()).hasSize(Storable.LENGTH_MAX);
  }

  @Test
  void theSinkWritesEverythingBeforeItEnds() {
    try (var sink = new LedgerSink(ledger, new TestClock())) {
      for (int index = 0; index < 500; index++) {
        sink.accept(event("device-" + index));
      }
    }

    assertThat(ledger.verify().verdict().records()).isEqualTo(500);
  }

  @Test
  void anIdleSinkEndsAtOnce() {
    var begun = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      new LedgerSink(ledger, new TestClock()).close();
    }
    // Each would wait for a second if nobody woke its writer.
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    assertThat(ledger.verify().verdict().records()).isZero();
  }

  @Test
  void theSinkCountsWhatRepeats() {
    try (var sink = new LedgerSink(ledger, new TestClock())) {
      for (int index = 0; index < 500; index++) {
        sink.accept(event("the same"));
      }
    }

    assertThat(ledger.last(10)).hasSize(2);
    assertThat(ledger.last(1).getFirst().event().facts()).containsEntry("suppressed", "499");
  }

  @Test
  void theSinkRecordsWhatItHadToDrop() {
    int offered = 3 * LedgerSink.QUEUE_MAX;
    var sink = new LedgerSink(ledger, new TestClock());
    // The head row is held, as by another process, until the queue has overflowed.
    database.change(
        handle -> {
          if (kind == TestDatabase.POSTGRESQL) {
            handle.execute("update ledger_head set one = 1");
          }
          for (int index = 0; index < offered; index++) {
            sink.accept(event("device-" + index));
          }
        });
    sink.close();

    assertThat(sink.dropped()).isGreaterThanOrEqualTo(offered - LedgerSink.QUEUE_MAX - 1_000);
    long written = ledger.verify().verdict().records();
    assertThat(ledger.after(0, (int) written))
        .filteredOn(record -> record.event().type() == EventType.EVENTS_DROPPED)
        .extracting(record -> Long.parseLong(String.valueOf(record.event().facts().get("count"))))
        .satisfies(
            counts ->
                assertThat(counts.stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(sink.dropped()));
  }
}
