package io.sallyport.control.rotation;

import io.sallyport.control.store.Database;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * When the active certificates of devices and backends end, over the coming year, in weeks that
 * begin on Monday or in months, of UTC.
 *
 * @param overdue how many have ended and are not marked as expired yet
 * @param later how many end after the last of those
 */
public record ExpiryPicture(By by, List<Span> spans, long overdue, long later) {
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  /** How finely it is drawn. */
  public enum By {
    WEEK,
    MONTH
  }

  /**
   * What ends in one span.
   *
   * @param to the first day after it
   * @param certificates how many end
   * @param replaced of those, how many have a newer one beside them
   */
  public record Span(LocalDate from, LocalDate to, long certificates, long replaced) {}

  public ExpiryPicture {
    spans = List.copyOf(spans);
  }

  private record Ends(long all, long replaced) {
    static final Ends NONE = new Ends(0, 0);

    Ends and(Ends other) {
      return new Ends(all + other.all, replaced + other.replaced);
    }
  }

  static ExpiryPicture of(Database database, By by, Instant now) {
    var today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    var end = today.plusYears(1);
    return database.read(
        handle -> {
          var days = byDay(handle, now, end);
          var spans = new ArrayList<Span>();
          for (var from = begin(by, today); from.isBefore(end); from = next(by, from)) {
            var to = next(by, from);
            var sum =
                from.datesUntil(to)
                    .map(day -> days.getOrDefault(day.toEpochDay(), Ends.NONE))
                    .reduce(Ends.NONE, Ends::and);
            spans.add(new Span(from, to, sum.all(), sum.replaced()));
          }
          var last = spans.getLast().to();
          return new ExpiryPicture(
              by,
              spans,
              count(handle, Instant.EPOCH, now),
              count(handle, last.atStartOfDay(ZoneOffset.UTC).toInstant(), Instant.MAX));
        });
  }

  private static LocalDate begin(By by, LocalDate today) {
    return switch (by) {
      case WEEK -> today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> today.withDayOfMonth(1);
    };
  }

  private static LocalDate next(By by, LocalDate from) {
    return switch (by) {
      case WEEK -> from.plusWeeks(1);
      case MONTH -> from.plusMonths(1);
    };
  }

  private static Map<Long, Ends> byDay(Handle handle, Instant now, LocalDate end) {
    // Up to the end of the span that the year ends in.
    var until = end.plusMonths(1).withDayOfMonth(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return handle
        .createQuery(
            "select c.not_after / :day, count(*), count(case when exists (select 1"
                + " from certificate n where n.principal = c.principal and n.kind = c.kind"
                + " and n.status = 'active' and n.not_after > c.not_after) then 1 end)"
                + " from certificate c where c.status = 'active' and c.kind <> 'operator'"
                + " and c.not_after > :now and c.not_after < :until group by 1")
        .bind("day", DAY_MILLIS)
        .bind("now", now.toEpochMilli())
        .bind("until", until.plus(Duration.ofDays(7)).toEpochMilli())
        .map((row, _) -> Map.entry(row.getLong(1), new Ends(row.getLong(2), row.getLong(3))))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static long count(Handle handle, Instant from, Instant to) {
    return handle
        .createQuery(
            "select count(*) from certificate where status = 'active' and kind <> 'operator'"
                + " and not_after >= :from and not_after < :to")
        .bind("from", from.toEpochMilli())
        .bind("to", to.equals(Instant.MAX) ? Long.MAX_VALUE : to.toEpochMilli())
        .mapTo(Long.class)
        .one();
  }
}
