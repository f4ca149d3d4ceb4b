package io.sallyport.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Keeps a device that is refused a thousand times a second from filling the ledger: of equal
 * denials the first of a window passes, the others are counted, and the count becomes one event
 * when the window ends. No denial is lost without being counted. Safe for use by many threads.
 */
public final class DenialLimiter {
  /** The fact of a summary that says how many denials it stands for. */
  public static final String SUPPRESSED = "suppressed";

  /** The fact of a summary that says when its window began. */
  public static final String SINCE = "since";

  private static final int KEYS_MAX_DEFAULT = 10_000;
  private static final Duration WINDOW_DEFAULT = Duration.ofSeconds(10);

  /** What makes denials equal. */
  public record Key(String principal, EventType type, String reason) {}

  private static final class Window {
    private final SecurityEvent first;
    private final Instant end;
    private long suppressed;

    Window(SecurityEvent first, Instant end) {
      this.first = first;
      this.end = end;
    }
  }

  // In the order in which the windows end, as they all last equally long.
  private final Map<Key, Window> windows = new LinkedHashMap<>();
  private final int keysMax;
  private final Duration window;

  /** Limits with 10 000 keys and windows of ten seconds. */
  public DenialLimiter() {
    this(KEYS_MAX_DEFAULT, WINDOW_DEFAULT);
  }

  /**
   * Limits with bounds of the caller's.
   *
   * @param keysMax how many windows may be open; the oldest is ended early for a new one
   */
  public DenialLimiter(int keysMax, Duration window) {
    if (keysMax < 1 || window.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("a limiter needs a key and a millisecond at least");
    }
    this.keysMax = keysMax;
    this.window = window;
  }

  /** Takes a denial; gives what is to be recorded now, in order: perhaps nothing. */
  public List<SecurityEvent> admit(Key key, SecurityEvent denial, Instant now) {
    return admit(key, () -> denial, now);
  }

  /** The same for a denial that is made only if it is recorded. */
  public synchronized List<SecurityEvent> admit(
      Key key, Supplier<SecurityEvent> denial, Instant now) {
    var recorded = ended(now);
    var open = windows.get(key);
    if (open != null) {
      open.suppressed++;
      return recorded;
    }
    if (windows.size() == keysMax) {
      var eldest = windows.values().iterator();
      summarise(eldest.next(), now, recorded);
      eldest.remove();
    }
    var first = denial.get();
    windows.put(key, new Window(first, now.plus(window)));
    recorded.add(first);
    return recorded;
  }

  /** The summaries of windows that have ended; to be called now and then. */
  public synchronized List<SecurityEvent> drain(Instant now) {
    return ended(now);
  }

  /** The summaries of all windows, ended or not; to be called before the end. */
  public synchronized List<SecurityEvent> drainAll(Instant now) {
    var recorded = new ArrayList<SecurityEvent>();
    windows.values().forEach(open -> summarise(open, now, recorded));
    windows.clear();
    return recorded;
  }

  private List<SecurityEvent> ended(Instant now) {
    var recorded = new ArrayList<SecurityEvent>();
    var iterator = windows.values().iterator();
    while (iterator.hasNext()) {
      var oldest = iterator.next();
      if (now.isBefore(oldest.end)) {
        break;
      }
      iterator.remove();
      summarise(oldest, oldest.end, recorded);
    }
    return recorded;
  }

  private static void summarise(Window closed, Instant at, List<SecurityEvent> recorded) {
    if (closed.suppressed == 0) {
      return;
    }
    var first = closed.first;
    var facts = new TreeMap<>(first.facts());
    facts.put(SUPPRESSED, Long.toString(closed.suppressed));
    facts.put(SINCE, first.at().toString());
    recorded.add(new SecurityEvent(at, first.type(), first.actor(), first.subject(), facts));
  }
}
