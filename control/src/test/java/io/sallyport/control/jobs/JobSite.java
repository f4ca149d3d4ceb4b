package io.sallyport.control.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.messaging.Postbox;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Jobs over a real database, with a clock that stands until it is moved. */
final class JobSite implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.builder().build();
  static final Instant START = Instant.ofEpochSecond(1_517_016_947);

  final Database database;
  final Jobs jobs;
  final JobRequests requests = new JobRequests();
  final JobScheduler scheduler;
  final Box box = new Box();
  Instant now = START;

  JobSite(TestDatabase kind) {
    this(kind.fresh(), JobLimits.DEFAULTS);
  }

  JobSite(Database database, JobLimits limits) {
    this.database = database;
    jobs = new Jobs(database, () -> now, limits);
    scheduler = new JobScheduler(database, box, limits);
  }

  /** What was posted; it may be out of order. */
  static final class Box implements Postbox {
    final List<Publication> posted = new ArrayList<>();
    boolean closed;

    @Override
    public CompletableFuture<Void> post(Publication publication) {
      if (closed) {
        return CompletableFuture.failedFuture(new IllegalStateException("no way"));
      }
      posted.add(publication);
      return CompletableFuture.completedFuture(null);
    }

    List<Publication> taken() {
      var all = List.copyOf(posted);
      posted.clear();
      return all;
    }
  }

  void devices(String... ids) {
    database.change(
        handle ->
            Arrays.stream(ids)
                .forEach(
                    id ->
                        Principals.insert(
                            handle,
                            new PrincipalId(id),
                            PrincipalKind.DEVICE,
                            "lamp",
                            Map.of("site", "b"),
                            now)));
  }

  String[] many(int count) {
    var ids = IntStream.range(0, count).mapToObj("d%05d"::formatted).toArray(String[]::new);
    devices(ids);
    return ids;
  }

  void group(String name, String... members) {
    database.change(
        handle -> {
          GroupTable.insert(handle, name, "test", now);
          for (var member : members) {
            GroupTable.add(handle, name, new PrincipalId(member));
          }
        });
  }

  void standing(String id, Standing standing) {
    database.change(
        handle ->
            Principals.changeStanding(
                handle, new PrincipalId(id), List.of(Standing.values()), standing, now));
  }

  JobAnswer create(String json) {
    return jobs.create(JobReader.read(json), "op");
  }

  /** A job of the smallest document for these targets. */
  void job(String id, String targets, String more) {
    assertThat(
            create(
                "{\"jobId\":\"%s\",\"document\":{\"operation\":\"test\"},\"targets\":{%s}%s}"
                    .formatted(id, targets, more)))
        .isInstanceOf(JobAnswer.Shown.class);
  }

  static String devicesNamed(String... ids) {
    return "\"devices\":" + JSON.writeValueAsString(ids);
  }

  void after(Duration passed) {
    now = now.plus(passed);
  }

  /** Lets the scheduler work now; what devices are told. */
  List<Publication> tick() {
    scheduler.tick(now);
    return box.taken();
  }

  List<Publication> ask(String topic, String payload) {
    var bytes = payload.getBytes(StandardCharsets.UTF_8);
    return database.write(
        handle -> requests.answer(handle, new Request("$aws/things/" + topic, bytes, now)));
  }

  /** The one answer to a request, which must be on that topic. */
  JsonNode answer(String topic, String payload, String end) {
    var first = ask(topic, payload).getFirst();
    assertThat(first.topic()).isEqualTo("$aws/things/" + topic + end);
    return json(first);
  }

  JsonNode update(String device, String job, String status) {
    return answer(
        device + "/jobs/" + job + "/update", "{\"status\":\"" + status + "\"}", "/accepted");
  }

  JsonNode startNext(String device) {
    return answer(device + "/jobs/start-next", "{}", "/accepted");
  }

  static JsonNode json(Publication publication) {
    return JSON.readTree(publication.payload());
  }

  /** The devices whose latest execution stands so. */
  long count(String job, ExecutionStatus status) {
    return shown(job).tally().of(status);
  }

  JobAnswer.Shown shown(String job) {
    return (JobAnswer.Shown) jobs.show(job);
  }

  JobState state(String job) {
    return shown(job).job().state();
  }

  @Override
  public void close() {
    database.close();
  }
}
