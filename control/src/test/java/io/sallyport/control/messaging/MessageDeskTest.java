package io.sallyport.control.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.control.TestClock;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.store.Database;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests are answered once they are durable, each for itself, and in the order of a device. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
@SuppressWarnings("NullAway.Init")
class MessageDeskTest {
  @Parameter TestDatabase kind;

  private final TestClock clock = new TestClock();
  private final Queue<String> published = new ConcurrentLinkedQueue<>();
  private Database database;
  private MessageDesk desk;

  @BeforeEach
  void open() {
    database = kind.fresh();
    database.change(handle -> handle.execute("create table noted (line text not null)"));
    desk = desk(new Notebook());
  }

  @AfterEach
  void close() {
    desk.close();
    database.close();
  }

  private MessageDesk desk(TopicService service) {
    return new MessageDesk(
        database,
        List.of(service),
        publication -> {
          published.add(publication.topic() + " " + new String(publication.payload(), UTF_8));
          return CompletableFuture.allOf();
        },
        clock);
  }

  /** Writes down what it is sent; the word "bug" makes it fail, as a mistake in a service would. */
  private static class Notebook implements TopicService {
    final ConcurrentHashMap<Handle, Integer> together = new ConcurrentHashMap<>();
    final AtomicInteger most = new AtomicInteger();

    @Override
    public String name() {
      return "notebook";
    }

    @Override
    public List<String> filters() {
      return List.of("devices/+/notes", "$aws/things/+/notes/#");
    }

    @Override
    public List<Publication> answer(Handle handle, Request request) {
      var text = new String(request.payload(), UTF_8);
      if (text.equals("bug")) {
        throw new IllegalStateException("a mistake");
      }
      most.accumulateAndGet(together.merge(handle, 1, Integer::sum), Math::max);
      handle.execute("insert into noted (line) values (?)", request.topic() + ":" + text);
      return List.of(new Publication(request.topic() + "/accepted", text.getBytes(UTF_8)));
    }

    @Override
    public List<Publication> refusal(Request request, Trouble trouble) {
      return List.of(
          new Publication(request.topic() + "/rejected", trouble.name().getBytes(UTF_8)));
    }
  }

  private List<String> noted() {
    return database.read(
        handle -> handle.createQuery("select line from noted").mapTo(String.class).list());
  }

  private CountDownLatch ask(String topic, String... payloads) {
    var done = new CountDownLatch(payloads.length);
    for (var payload : payloads) {
      desk.take(topic, payload.getBytes(UTF_8), done::countDown);
    }
    return done;
  }

  private static void await(CountDownLatch done) throws InterruptedException {
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatIsAnsweredIsDurable() throws InterruptedException {
    await(ask("devices/a/notes", "one"));
    assertThat(noted()).containsExactly("devices/a/notes:one");
    assertThat(published).containsExactly("devices/a/notes/accepted one");
  }

  @Test
  void theOrderOfOneDeviceStays() throws InterruptedException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 500; i++) {
      lines.add("" + i);
    }
    await(ask("$aws/things/a/notes/deep", lines.toArray(new String[0])));
    assertThat(noted())
        .isEqualTo(lines.stream().map(i -> "$aws/things/a/notes/deep:" + i).toList());
    assertThat(desk.waiting()).isZero();
  }

  @Test
  void manyShareOneTransaction() throws InterruptedException {
    var notebook = new Notebook();
    desk.close();
    desk = desk(notebook);
    var lines = new String[Lane.TOGETHER_MAX * 4];
    Arrays.fill(lines, "x");
    await(ask("devices/a/notes", lines));
    assertThat(notebook.most.get()).isBetween(2, Lane.TOGETHER_MAX);
  }

  @Test
  void aRequestThatFailsTakesNoOtherWithIt() throws InterruptedException {
    await(ask("devices/a/notes", "before", "bug", "after"));
    assertThat(noted()).containsExactly("devices/a/notes:before", "devices/a/notes:after");
    assertThat(published)
        .containsExactly(
            "devices/a/notes/accepted before",
            "devices/a/notes/rejected BROKEN",
            "devices/a/notes/accepted after");
    var counters = desk.counters().toList().getFirst().getValue();
    assertThat(counters.workedOn()).isEqualTo(2);
    assertThat(counters.broken()).isOne();
    assertThat(counters.busy()).isZero();
  }

  @Test
  void aDatabaseThatIsGoneIsToldToEach() throws InterruptedException {
    database.close();
    await(ask("devices/a/notes", "one", "two"));
    assertThat(published)
        .containsExactly("devices/a/notes/rejected BROKEN", "devices/a/notes/rejected BROKEN");
  }

  @Test
  void whatIsForNobodyIsDealtWithAtOnce() throws InterruptedException {
    await(ask("devices/a/telemetry", "x"));
    await(ask("devices/notes", "x"));
    await(ask("devices/a/notes/below", "x"));
    await(ask("$aws/things", "x"));
    assertThat(published).isEmpty();
    assertThat(desk.filters()).containsExactly("devices/+/notes", "$aws/things/+/notes/#");
  }

  @Test
  void whatWaitsIsBoundedInBytes() throws InterruptedException {
    var large = "y".repeat((int) Lane.WAITING_BYTES_MAX + 1);
    await(ask("devices/a/notes", large));
    assertThat(published).containsExactly("devices/a/notes/rejected BUSY");
    assertThat(desk.counters().toList().getFirst().getValue().busy()).isOne();
    await(ask("devices/a/notes", "small"));
    assertThat(published).contains("devices/a/notes/accepted small");
  }

  @Test
  void whatWaitsIsBoundedInNumber() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var free = new CountDownLatch(1);
    desk.close();
    desk =
        desk(
            new Notebook() {
              @Override
              public List<Publication> answer(Handle handle, Request request) {
                begun.countDown();
                try {
                  free.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                return List.of();
              }
            });
    var first = ask("devices/a/notes", "first");
    await(begun);
    var lines = new String[Lane.WAITING_MAX + 3];
    Arrays.fill(lines, "x");
    var rest = ask("devices/a/notes", lines);
    assertThat(published)
        .hasSize(3)
        .allSatisfy(one -> assertThat(one).isEqualTo("devices/a/notes/rejected BUSY"));
    free.countDown();
    await(first);
    await(rest);
  }

  @Test
  void aDeskThatIsClosedLeavesTheRestUnacknowledged() throws InterruptedException {
    desk.close();
    var done = ask("devices/a/notes", "late");
    assertThat(done.await(200, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(noted()).isEmpty();
  }

  @Test
  void beforeThereIsAGateNothingIsSent() {
    assertThatThrownBy(
            () ->
                new LatePostbox()
                    .post(new Publication("a/b", new byte[0]))
                    .get(1, TimeUnit.SECONDS))
        .hasMessageContaining("there is no gate: 'a/b' stays here");
  }
}
