package io.sallyport.control.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A job as it is given: the members of AWS IoT's CreateJob, but for its targets.
 *
 * @param document a JSON object
 * @param targetSelection SNAPSHOT, which is the default, or CONTINUOUS
 */
@JsonInclude(Include.NON_NULL)
public record JobForm(
    @Nullable String jobId,
    @Nullable JsonNode document,
    @Nullable String description,
    @Nullable TargetsForm targets,
    @Nullable String targetSelection,
    @Nullable RolloutForm jobExecutionsRolloutConfig,
    @Nullable AbortForm abortConfig,
    @Nullable TimeoutForm timeoutConfig,
    @Nullable RetryForm jobExecutionsRetryConfig,
    @Nullable ScheduleForm schedulingConfig) {

  /** Whom it is for. */
  @JsonInclude(Include.NON_NULL)
  public record TargetsForm(
      @Nullable List<String> devices, @Nullable List<String> groups, @Nullable QueryForm query) {}

  /** As `device list` looks for devices. */
  @JsonInclude(Include.NON_NULL)
  public record QueryForm(
      @Nullable String type,
      @Nullable String prefix,
      @Nullable Map<String, String> attributes,
      @Nullable Map<String, String> tags) {}

  /** JobExecutionsRolloutConfig. */
  @JsonInclude(Include.NON_NULL)
  public record RolloutForm(
      @Nullable Integer maximumPerMinute, @Nullable ExponentialForm exponentialRate) {}

  /** ExponentialRolloutRate. */
  @JsonInclude(Include.NON_NULL)
  public record ExponentialForm(
      @Nullable Integer baseRatePerMinute,
      @Nullable BigDecimal incrementFactor,
      @Nullable IncreaseForm rateIncreaseCriteria) {}

  /** RateIncreaseCriteria. */
  @JsonInclude(Include.NON_NULL)
  public record IncreaseForm(
      @Nullable Integer numberOfNotifiedThings, @Nullable Integer numberOfSucceededThings) {}

  /** AbortConfig. */
  @JsonInclude(Include.NON_NULL)
  public record AbortForm(@Nullable List<AbortCriterionForm> criteriaList) {}

  /** AbortCriteria. */
  @JsonInclude(Include.NON_NULL)
  public record AbortCriterionForm(
      @Nullable String failureType,
      @Nullable String action,
      @Nullable BigDecimal thresholdPercentage,
      @Nullable Integer minNumberOfExecutedThings) {}

  /** TimeoutConfig. */
  @JsonInclude(Include.NON_NULL)
  public record TimeoutForm(@Nullable Integer inProgressTimeoutInMinutes) {}

  /** JobExecutionsRetryConfig. */
  @JsonInclude(Include.NON_NULL)
  public record RetryForm(@Nullable List<RetryCriterionForm> criteriaList) {}

  /** RetryCriteria. */
  @JsonInclude(Include.NON_NULL)
  public record RetryCriterionForm(
      @Nullable String failureType, @Nullable Integer numberOfRetries) {}

  /** SchedulingConfig. */
  @JsonInclude(Include.NON_NULL)
  public record ScheduleForm(
      @Nullable String startTime,
      @Nullable String endTime,
      @Nullable String endBehavior,
      @Nullable List<WindowForm> maintenanceWindows) {}

  /**
   * MaintenanceWindow; the days and the zone are ours.
   *
   * @param startTime HH:MM, or cron(…) of AWS for one time of some days of the week
   * @param days MON to SUN; null for every day
   * @param timeZone as in the tz database; null for UTC
   */
  @JsonInclude(Include.NON_NULL)
  public record WindowForm(
      @Nullable String startTime,
      @Nullable Integer durationInMinutes,
      @Nullable List<String> days,
      @Nullable String timeZone) {}

  /** The same without what is kept beside it. */
  JobForm settings() {
    return new JobForm(
        null,
        null,
        null,
        targets,
        targetSelection,
        jobExecutionsRolloutConfig,
        abortConfig,
        timeoutConfig,
        jobExecutionsRetryConfig,
        schedulingConfig);
  }
}
