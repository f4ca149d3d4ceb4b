package io.sallyport.control.jobs;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.control.jobs.model.ExecutionStatus;
import io.sallyport.control.store.Database;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Jobs in numbers. */
public final class JobMetrics implements MetricsSource {
  private final Database database;
  private final JobScheduler scheduler;

  /** Of a registry, and of what this process does about jobs by itself. */
  public JobMetrics(Database database, JobScheduler scheduler) {
    this.database = database;
    this.scheduler = scheduler;
  }

  private record Numbers(
      Map<JobState, Long> jobs, Map<ExecutionStatus, Long> pending, long notices) {}

  @Override
  public void collect(Consumer<Metric> out) {
    var numbers =
        database.read(
            handle ->
                new Numbers(
                    JobTable.countByState(handle),
                    ExecutionTable.countPending(handle),
                    NoticeTable.count(handle)));
    numbers
        .jobs()
        .forEach(
            (state, count) ->
                gauge(out, "sallyport_jobs", "Jobs by state.", "state", state, count));
    for (var status : List.of(ExecutionStatus.QUEUED, ExecutionStatus.IN_PROGRESS)) {
      gauge(
          out,
          "sallyport_job_executions_pending",
          "What devices have to do, by status.",
          "status",
          status,
          numbers.pending().getOrDefault(status, 0L));
    }
    out.accept(
        new Metric(
            "sallyport_job_notices",
            "Devices that are still to be told that what they have to do changed.",
            Type.GAUGE,
            Map.of(),
            numbers.notices()));
    out.accept(
        new Metric(
            "sallyport_job_aborts_total",
            "Jobs that were cancelled by themselves because too many devices failed.",
            Type.COUNTER,
            Map.of(),
            scheduler.aborts()));
  }

  private static void gauge(
      Consumer<Metric> out, String name, String help, String label, Enum<?> value, long count) {
    out.accept(new Metric(name, help, Type.GAUGE, Map.of(label, value.name()), count));
  }
}
