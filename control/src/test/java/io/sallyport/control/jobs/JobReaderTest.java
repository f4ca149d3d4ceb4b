package io.sallyport.control.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.control.jobs.model.AbortCriterion;
import io.sallyport.control.jobs.model.JobSettings;
import io.sallyport.control.jobs.model.RetryRule;
import io.sallyport.control.jobs.model.RolloutRate;
import io.sallyport.control.jobs.model.Schedule.EndBehavior;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators give as a job. */
class JobReaderTest {
  private static JobSettings settings(String members) throws MalformedJob {
    return JobReader.settings(JobReader.read("{" + members + "}"));
  }

  private static JobSettings with(String members) throws MalformedJob {
    return settings("\"targets\":{\"devices\":[\"d\"]}," + members);
  }

  @Test
  void everyMemberOfAws() throws Exception {
    var settings =
        settings(
            """
            "targets":{"devices":["a","b","a"],"groups":["g"],
              "query":{"type":"lamp","prefix":"x","attributes":{"site":"b"},"tags":{"t":"1"}}},
            "targetSelection":"CONTINUOUS",
            "jobExecutionsRolloutConfig":{"exponentialRate":{"baseRatePerMinute":50,
              "incrementFactor":2,"rateIncreaseCriteria":{"numberOfNotifiedThings":1000,
              "numberOfSucceededThings":1000}},"maximumPerMinute":1000},
            "abortConfig":{"criteriaList":[{"action":"CANCEL","failureType":"FAILED",
              "minNumberOfExecutedThings":100,"thresholdPercentage":20.25}]},
            "timeoutConfig":{"inProgressTimeoutInMinutes":10080},
            "jobExecutionsRetryConfig":{"criteriaList":[{"failureType":"FAILED",
              "numberOfRetries":3},{"failureType":"TIMED_OUT","numberOfRetries":7}]},
            "schedulingConfig":{"startTime":"2030-01-31 22:00","endTime":"2030-02-28T22:00:00Z",
              "endBehavior":"FORCE_CANCEL","maintenanceWindows":[
              {"startTime":"cron(30 6 ? * MON-WED,7 *)","durationInMinutes":60},
              {"startTime":"02:30","days":["SAT","SUN"],"timeZone":"Europe/Berlin",
               "durationInMinutes":1430}]}
            """);

    assertThat(settings.targets().devices()).containsExactly("a", "b");
    assertThat(settings.continuous()).isTrue();
    assertThat(settings.rate()).isEqualTo(new RolloutRate(50, 20, 1_000, 1_000, 1_000));
    assertThat(settings.abort())
        .containsExactly(new AbortCriterion(AbortCriterion.Failure.FAILED, 2_025, 100));
    assertThat(settings.timeout()).isEqualTo(Duration.ofDays(7));
    assertThat(settings.retries())
        .containsExactly(
            new RetryRule(RetryRule.Failure.FAILED, 3),
            new RetryRule(RetryRule.Failure.TIMED_OUT, 7));
    var schedule = settings.schedule();
    assertThat(schedule.start()).isEqualTo(Instant.parse("2030-01-31T22:00:00Z"));
    assertThat(schedule.atEnd()).isEqualTo(EndBehavior.FORCE_CANCEL);
    assertThat(schedule.windows().getFirst().days())
        .containsExactlyInAnyOrder(
            DayOfWeek.MONDAY, DayOfWeek.TUESDAY, DayOfWeek.WEDNESDAY, DayOfWeek.SATURDAY);
    assertThat(schedule.windows().getFirst().begins()).isEqualTo(LocalTime.of(6, 30));
    assertThat(schedule.windows().getLast().zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
  }

  @Test
  void whatIsNotSaidIsAsOnAws() throws Exception {
    var settings = with("\"schedulingConfig\":{}");

    assertThat(settings.continuous()).isFalse();
    assertThat(settings.rate()).isEqualTo(RolloutRate.DEFAULT);
    assertThat(settings.abort()).isEmpty();
    assertThat(settings.timeout()).isNull();
    assertThat(with("\"jobExecutionsRolloutConfig\":{\"maximumPerMinute\":5}").rate())
        .isEqualTo(RolloutRate.constant(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "?", "SUN-SAT", "1-7", "1,2,3,4,5,6,7"})
  void everyDayInAwsExpressions(String days) throws Exception {
    var window =
        with("\"schedulingConfig\":{\"maintenanceWindows\":[{\"durationInMinutes\":1,"
                + "\"startTime\":\"cron(0 0 * * "
                + days
                + " *)\"}]}")
            .schedule()
            .windows()
            .getFirst();

    assertThat(window.days()).hasSize(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"targetSelection\":\"BOTH\" | SNAPSHOT or CONTINUOUS",
        "\"jobExecutionsRolloutConfig\":{\"maximumPerMinute\":0} | from 1 to 1000",
        "\"jobExecutionsRolloutConfig\":{\"maximumPerMinute\":1001} | from 1 to 1000",
        "\"jobExecutionsRolloutConfig\":{\"exponentialRate\":{}} | rateIncreaseCriteria",
        "\"jobExecutionsRolloutConfig\":{\"exponentialRate\":{\"baseRatePerMinute\":1,"
            + "\"incrementFactor\":1.55,\"rateIncreaseCriteria\":{\"numberOfNotifiedThings\":1}}}"
            + " | from 1.1 to 5 with",
        "\"jobExecutionsRolloutConfig\":{\"exponentialRate\":{\"baseRatePerMinute\":1,"
            + "\"incrementFactor\":1e999999999,"
            + "\"rateIncreaseCriteria\":{\"numberOfNotifiedThings\":1}}} | from 1.1 to 5 with",
        "\"jobExecutionsRolloutConfig\":{\"exponentialRate\":{\"rateIncreaseCriteria\":"
            + "{\"numberOfSucceededThings\":0}}} | numberOfSucceededThings",
        "\"abortConfig\":{\"criteriaList\":[]} | 1 to 8 criteria",
        "\"abortConfig\":{\"criteriaList\":[{}]} | CANCEL",
        "\"abortConfig\":{\"criteriaList\":[{\"action\":\"CANCEL\",\"failureType\":\"X\"}]}"
            + " | failureType",
        "\"abortConfig\":{\"criteriaList\":[{\"action\":\"CANCEL\",\"failureType\":\"ALL\","
            + "\"thresholdPercentage\":100.01}]} | from 0.01 to 100",
        "\"abortConfig\":{\"criteriaList\":[{\"action\":\"CANCEL\",\"failureType\":\"ALL\","
            + "\"thresholdPercentage\":1}]} | minNumberOfExecutedThings",
        "\"timeoutConfig\":{} | from 1 to 10080",
        "\"jobExecutionsRetryConfig\":{\"criteriaList\":[{\"failureType\":\"ALL\","
            + "\"numberOfRetries\":11}]} | from 0 to 10",
        "\"jobExecutionsRetryConfig\":{\"criteriaList\":[{\"failureType\":\"ALL\","
            + "\"numberOfRetries\":6},{\"failureType\":\"FAILED\",\"numberOfRetries\":5}]}"
            + " | 10 retries together",
        "\"jobExecutionsRetryConfig\":{\"criteriaList\":[{\"failureType\":\"ALL\","
            + "\"numberOfRetries\":1},{\"failureType\":\"ALL\",\"numberOfRetries\":1}]} | once",
        "\"schedulingConfig\":{\"startTime\":\"tomorrow\"} | startTime",
        "\"schedulingConfig\":{\"startTime\":\"2030-13-01T00:00:00Z\"} | startTime",
        "\"schedulingConfig\":{\"endBehavior\":\"CANCEL\"} | needs an 'endTime'",
        "\"schedulingConfig\":{\"startTime\":\"2030-01-01 00:00\",\"endTime\":"
            + "\"2030-01-01 00:00\"} | after 'startTime'",
        "\"schedulingConfig\":{\"maintenanceWindows\":[]} | 1 to 16 windows",
        "\"schedulingConfig\":{\"maintenanceWindows\":[{\"startTime\":\"02:00\"}]} | from 1 to"
            + " 1430",
        "\"schedulingConfig\":{\"maintenanceWindows\":[{\"durationInMinutes\":1}]} | startTime",
        "\"schedulingConfig\":{\"maintenanceWindows\":[{\"durationInMinutes\":1,"
            + "\"startTime\":\"cron(0 */2 * * ? *)\"}]} | startTime",
        "\"schedulingConfig\":{\"maintenanceWindows\":[{\"durationInMinutes\":1,"
            + "\"startTime\":\"cron(99 2 ? * MON *)\"}]} | startTime",
        "\"schedulingConfig\":{\"maintenanceWindows\":[{\"durationInMinutes\":1,"
            + "\"startTime\":\"cron(0 2 ? * FRI-MON *)\"}]} | from SUN to SAT",
        "\"schedulingConfig\":{\"maintenanceWindows\":[{\"durationInMinutes\":1,"
            + "\"startTime\":\"cron(0 2 ? * MON#1 *)\"}]} | startTime",
        "\"schedulingConfig\":{\"maintenanceWindows\":[{\"durationInMinutes\":1,"
            + "\"startTime\":\"cron(0 2 ? * XYZ *)\"}]} | days are",
        "\"schedulingConfig\":{\"maintenanceWindows\":[{\"durationInMinutes\":1,"
            + "\"startTime\":\"cron(0 2 ? * MON *)\",\"days\":[\"MON\"]}]} | already",
        "\"schedulingConfig\":{\"maintenanceWindows\":[{\"durationInMinutes\":1,"
            + "\"startTime\":\"02:00\",\"days\":[]}]} | one day at least",
        "\"schedulingConfig\":{\"maintenanceWindows\":[{\"durationInMinutes\":1,"
            + "\"startTime\":\"02:00\",\"days\":[\"monday\"]}]} | days are",
        "\"schedulingConfig\":{\"maintenanceWindows\":[{\"durationInMinutes\":1,"
            + "\"startTime\":\"02:00\",\"timeZone\":\"Mars/North\"}]} | timeZone"
      })
  void whatIsWrongIsSaid(String members, String said) {
    assertThatThrownBy(() -> with(members.strip()))
        .isInstanceOf(MalformedJob.class)
        .hasMessageContaining(said);
  }

  @Test
  void targetsAreNamedAndBounded() {
    assertThatThrownBy(() -> settings("")).hasMessageContaining("targets");
    assertThatThrownBy(() -> settings("\"targets\":{}")).hasMessageContaining("targets");
    assertThatThrownBy(() -> settings("\"targets\":{\"devices\":[\"a/b\"]}"))
        .hasMessageContaining("an id");
    assertThatThrownBy(() -> settings("\"targets\":{\"query\":{\"prefix\":\"a b\"}}"))
        .hasMessageContaining("prefix");
    var many =
        IntStream.range(0, 501).mapToObj(n -> "\"d" + n + "\"").collect(Collectors.joining(","));
    assertThatThrownBy(() -> settings("\"targets\":{\"devices\":[" + many + "]}"))
        .hasMessageContaining("500 devices");
    var conditions =
        IntStream.range(0, 9).mapToObj(n -> "\"k" + n + "\":\"\"").collect(Collectors.joining(","));
    assertThatThrownBy(() -> settings("\"targets\":{\"query\":{\"tags\":{" + conditions + "}}}"))
        .hasMessageContaining("at most 8");
  }
}
