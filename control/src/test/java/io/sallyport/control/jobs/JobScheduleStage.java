package io.sallyport.control.jobs;

import io.sallyport.control.TestDatabase;
import io.sallyport.ledger.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/** A site with jobs, and a clock that a test moves. */
@SuppressWarnings("NullAway.Init")
abstract class JobScheduleStage {
  static final String ALL = "\"query\":{\"prefix\":\"d\"}";

  @Parameter TestDatabase kind;

  JobSite site;

  @BeforeEach
  void open() {
    site = new JobSite(kind);
  }

  @AfterEach
  void close() {
    site.close();
  }

  long given(String job) {
    return site.shown(job).tally().notified();
  }

  void minute() {
    for (int tick = 0; tick < 12; tick++) {
      site.tick();
      site.after(JobScheduler.EVERY);
    }
  }

  List<EventType> events() {
    var types = new ArrayList<EventType>();
    site.database.read(
        handle -> {
          handle
              .createQuery("select type from ledger order by sequence")
              .mapTo(String.class)
              .forEach(
                  type ->
                      types.add(
                          EventType.valueOf(type.toUpperCase(Locale.ROOT).replace('-', '_'))));
          return true;
        });
    return types;
  }
}
