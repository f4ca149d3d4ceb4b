package io.sallyport.control.jobs.model;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a device has to do, in order: what is in progress before what is queued, and of these what
 * was queued first.
 */
public record Pending(List<Item> items) {
  private static final Comparator<Item> ORDER =
      Comparator.comparing((Item item) -> item.execution().status() != ExecutionStatus.IN_PROGRESS)
          .thenComparing(item -> item.execution().queuedAt())
          .thenComparingLong(Item::order)
          .thenComparing(item -> item.execution().job());

  /** Nothing to do. */
  public static final Pending NONE = new Pending(List.of());

  /**
   * One execution.
   *
   * @param order of the job among those that were queued in the same moment
   */
  public record Item(Execution execution, long order) {
    private Key key() {
      return new Key(execution.job(), execution.number());
    }
  }

  private record Key(String job, long number) {}

  /** Sorts. */
  public Pending {
    items = items.stream().sorted(ORDER).toList();
  }

  /** What is to be done first. */
  public Optional<Execution> next() {
    return items.stream().findFirst().map(Item::execution);
  }

  /** Whether something came to the list or left it. */
  public boolean listChanged(Pending before) {
    var now = new HashSet<Key>();
    items.forEach(item -> now.add(item.key()));
    var then = new HashSet<Key>();
    before.items.forEach(item -> then.add(item.key()));
    return !now.equals(then);
  }

  /** Whether something else is first now. */
  public boolean nextChanged(Pending before) {
    return !Objects.equals(
        items.isEmpty() ? null : items.getFirst().key(),
        before.items.isEmpty() ? null : before.items.getFirst().key());
  }
}
