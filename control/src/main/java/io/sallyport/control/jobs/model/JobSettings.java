package io.sallyport.control.jobs.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a job is done.
 *
 * @param continuous whether it is for those, too, who become targets later
 * @param timeout of an execution in progress; null for none
 */
public record JobSettings(
    Targets targets,
    boolean continuous,
    RolloutRate rate,
    List<AbortCriterion> abort,
    @Nullable Duration timeout,
    List<RetryRule> retries,
    Schedule schedule) {

  /** Copies the lists. */
  public JobSettings {
    abort = List.copyOf(abort);
    retries = List.copyOf(retries);
  }

  /** Whether an execution that ended is tried again. */
  public boolean retries(Execution ended) {
    return retries.stream().anyMatch(rule -> rule.allows(ended));
  }

  /** Whether so many failed that the job must end. */
  public boolean isAborted(Tally tally) {
    return abort.stream().anyMatch(criterion -> criterion.isMet(tally));
  }
}
