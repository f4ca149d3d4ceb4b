package io.sallyport.control.jobs;

import io.sallyport.control.jobs.model.AbortCriterion;
import io.sallyport.control.jobs.model.JobSettings;
import io.sallyport.control.jobs.model.RetryRule;
import io.sallyport.control.jobs.model.RolloutRate;
import io.sallyport.control.jobs.model.Schedule;
import io.sallyport.control.jobs.model.StepTimer;
import io.sallyport.control.jobs.model.Targets;
import io.sallyport.control.registry.PrincipalQuery;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Makes rules of what was given as JSON, and says what is wrong with it. */
final class JobReader {
  // Bound: each is compared with every device that the others leave.
  private static final int CONDITIONS_MAX = 8;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private JobReader() {}

  /** A form that was kept. */
  static JobForm read(String json) {
    return JSON.readValue(json, JobForm.class);
  }

  /** What is kept of a form. */
  static String write(JobForm form) {
    return JSON.writeValueAsString(form.settings());
  }

  static JobSettings settings(JobForm form) throws MalformedJob {
    var timeout = form.timeoutConfig();
    return new JobSettings(
        targets(form.targets()),
        continuous(form.targetSelection()),
        rate(form.jobExecutionsRolloutConfig()),
        abort(form.abortConfig()),
        timeout == null
            ? null
            : Duration.ofMinutes(
                number(
                    timeout.inProgressTimeoutInMinutes(),
                    "inProgressTimeoutInMinutes",
                    1,
                    StepTimer.MINUTES_MAX)),
        retries(form.jobExecutionsRetryConfig()),
        schedule(form.schedulingConfig()));
  }

  private static boolean continuous(@Nullable String selection) throws MalformedJob {
    return switch (selection == null ? "SNAPSHOT" : selection) {
      case "SNAPSHOT" -> false;
      case "CONTINUOUS" -> true;
      default ->
          throw new MalformedJob(
              "'targetSelection' is SNAPSHOT or CONTINUOUS, not '" + selection + "'");
    };
  }

  private static Targets targets(JobForm.@Nullable TargetsForm form) throws MalformedJob {
    if (form == null) {
      throw new MalformedJob("member 'targets' is missing");
    }
    var devices = distinct(form.devices(), "devices", Targets.DEVICES_MAX);
    var groups = distinct(form.groups(), "groups", Targets.GROUPS_MAX);
    if (devices.isEmpty() && groups.isEmpty() && form.query() == null) {
      throw new MalformedJob("'targets' names devices, groups or a query");
    }
    for (var device : devices) {
      if (!PrincipalId.isValid(device)) {
        throw new MalformedJob("an id is 1 to 128 characters of A-Z a-z 0-9 : _ -");
      }
    }
    return new Targets(devices, groups, query(form.query()));
  }

  private static List<String> distinct(@Nullable List<String> names, String what, int most)
      throws MalformedJob {
    var given = names == null ? List.<String>of() : names.stream().distinct().toList();
    if (given.size() > most) {
      throw new MalformedJob("at most " + most + " " + what + " are named one by one");
    }
    return given;
  }

  private static @Nullable PrincipalQuery query(JobForm.@Nullable QueryForm form)
      throws MalformedJob {
    if (form == null) {
      return null;
    }
    var prefix = form.prefix() == null ? "" : form.prefix();
    if (!prefix.isEmpty() && !PrincipalId.isValid(prefix)) {
      throw new MalformedJob("'prefix' is the beginning of an id");
    }
    var attributes = form.attributes() == null ? Map.<String, String>of() : form.attributes();
    var tags = form.tags() == null ? Map.<String, String>of() : form.tags();
    if (attributes.size() > CONDITIONS_MAX || tags.size() > CONDITIONS_MAX) {
      throw new MalformedJob("a query has at most " + CONDITIONS_MAX + " attributes, and tags");
    }
    return new PrincipalQuery(PrincipalKind.DEVICE, null, form.type(), prefix, attributes, tags);
  }

  private static RolloutRate rate(JobForm.@Nullable RolloutForm form) throws MalformedJob {
    if (form == null) {
      return RolloutRate.DEFAULT;
    }
    int most =
        form.maximumPerMinute() == null
            ? RolloutRate.PER_MINUTE_MAX
            : number(form.maximumPerMinute(), "maximumPerMinute", 1, RolloutRate.PER_MINUTE_MAX);
    var grows = form.exponentialRate();
    if (grows == null) {
      return RolloutRate.constant(most);
    }
    var when = grows.rateIncreaseCriteria();
    var notified = when == null ? null : when.numberOfNotifiedThings();
    var succeeded = when == null ? null : when.numberOfSucceededThings();
    if (notified == null && succeeded == null) {
      throw new MalformedJob(
          "'rateIncreaseCriteria' has numberOfNotifiedThings or numberOfSucceededThings");
    }
    positive(notified, "numberOfNotifiedThings");
    positive(succeeded, "numberOfSucceededThings");
    return new RolloutRate(
        number(grows.baseRatePerMinute(), "baseRatePerMinute", 1, RolloutRate.PER_MINUTE_MAX),
        decimal(grows.incrementFactor(), "incrementFactor", 1, 11, 50),
        notified,
        succeeded,
        most);
  }

  private static List<AbortCriterion> abort(JobForm.@Nullable AbortForm form) throws MalformedJob {
    var criteria = new ArrayList<AbortCriterion>();
    if (form != null) {
      for (var one : criteria(form.criteriaList(), AbortCriterion.CRITERIA_MAX)) {
        if (!"CANCEL".equals(one.action())) {
          throw new MalformedJob("'action' is CANCEL");
        }
        criteria.add(
            new AbortCriterion(
                word(AbortCriterion.Failure.class, one.failureType(), "failureType"),
                decimal(one.thresholdPercentage(), "thresholdPercentage", 2, 1, 10_000),
                number(
                    one.minNumberOfExecutedThings(),
                    "minNumberOfExecutedThings",
                    1,
                    Integer.MAX_VALUE)));
      }
    }
    return criteria;
  }

  private static List<RetryRule> retries(JobForm.@Nullable RetryForm form) throws MalformedJob {
    var rules = new ArrayList<RetryRule>();
    int together = 0;
    if (form != null) {
      for (var one : criteria(form.criteriaList(), RetryRule.Failure.values().length)) {
        var rule =
            new RetryRule(
                word(RetryRule.Failure.class, one.failureType(), "failureType"),
                number(one.numberOfRetries(), "numberOfRetries", 0, RetryRule.RETRIES_MAX));
        if (rules.stream().anyMatch(other -> other.failure() == rule.failure())) {
          throw new MalformedJob("'failureType' " + rule.failure() + " is given once");
        }
        together += rule.retries();
        rules.add(rule);
      }
    }
    if (together > RetryRule.RETRIES_MAX) {
      throw new MalformedJob("at most " + RetryRule.RETRIES_MAX + " retries together");
    }
    return rules;
  }

  private static <T> List<T> criteria(@Nullable List<T> list, int most) throws MalformedJob {
    if (list == null || list.isEmpty() || list.size() > most) {
      throw new MalformedJob("'criteriaList' has 1 to " + most + " criteria");
    }
    return list;
  }

  private static Schedule schedule(JobForm.@Nullable ScheduleForm form) throws MalformedJob {
    if (form == null) {
      return Schedule.NONE;
    }
    var start = WindowReader.instant(form.startTime(), "startTime");
    var end = WindowReader.instant(form.endTime(), "endTime");
    if (end == null && form.endBehavior() != null) {
      throw new MalformedJob("'endBehavior' needs an 'endTime'");
    }
    if (start != null && end != null && !end.isAfter(start)) {
      throw new MalformedJob("'endTime' is after 'startTime'");
    }
    return new Schedule(
        start,
        end,
        form.endBehavior() == null
            ? Schedule.EndBehavior.STOP_ROLLOUT
            : word(Schedule.EndBehavior.class, form.endBehavior(), "endBehavior"),
        WindowReader.windows(form.maintenanceWindows()));
  }

  static int number(@Nullable Integer value, String name, int least, int most) throws MalformedJob {
    if (value == null || value < least || value > most) {
      throw new MalformedJob("'" + name + "' is a whole number from " + least + " to " + most);
    }
    return value;
  }

  private static void positive(@Nullable Integer value, String name) throws MalformedJob {
    if (value != null) {
      var _ = number(value, name, 1, Integer.MAX_VALUE);
    }
  }

  /** A number with so many digits after its point, in units of the last one. */
  private static int decimal(
      @Nullable BigDecimal value, String name, int digits, int least, int most)
      throws MalformedJob {
    // First without arithmetic: an exponent may be of any size.
    if (value != null && Math.abs((long) value.scale()) <= 100) {
      var units = value.movePointRight(digits).stripTrailingZeros();
      if (units.scale() <= 0
          && units.compareTo(BigDecimal.valueOf(least)) >= 0
          && units.compareTo(BigDecimal.valueOf(most)) <= 0) {
        return units.intValueExact();
      }
    }
    throw new MalformedJob(
        "'"
            + name
            + "' is a number from "
            + BigDecimal.valueOf(least, digits).toPlainString()
            + " to "
            + BigDecimal.valueOf(most, digits).stripTrailingZeros().toPlainString()
            + " with at most "
            + digits
            + " digits after the point");
  }

  private static <E extends Enum<E>> E word(Class<E> type, @Nullable String word, String name)
      throws MalformedJob {
    for (var one : type.getEnumConstants()) {
      if (one.name().equals(word)) {
        return one;
      }
    }
    throw new MalformedJob(
        "'" + name + "' is one of " + List.of(type.getEnumConstants()) + ", not '" + word + "'");
  }
}
