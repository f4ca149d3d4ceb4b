package io.sallyport.agent.outbox;

import io.sallyport.agent.outbox.Cursor.Mark;
import io.sallyport.agent.outbox.Limits.WhenFull;
import io.sallyport.agent.state.StateUnavailable;
import io.sallyport.agent.state.Sync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Telemetry in the order in which it was said, on disk until the server has acknowledged it. What
 * {@link #put} has taken survives the end of the process at any instant; what was sent and not yet
 * acknowledged then is sent again. Memory holds none of it but what is on the way.
 */
public final class Outbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  /** A record that was handed out, and where it stands. */
  private static final class Sent {
    private final long sequence;
    private final Segment segment;
    private final long at;
    private final int size;
    private boolean acknowledged;

    private Sent(long sequence, Segment segment, long at, int size) {
      this.sequence = sequence;
      this.segment = segment;
      this.at = at;
      this.size = size;
    }
  }

  private final Path folder;
  private final Limits limits;
  private final Sync sync;
  private final Cursor cursor;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private final Deque<Sent> onTheWay = new ArrayDeque<>();
  private Mark mark;
  private long next;
  private long waiting;
  private long waitingBytes;
  private @Nullable Segment reading;
  private long readAt;

  private Outbox(Path folder, Limits limits, Sync sync) throws IOException {
    this.folder = folder;
    this.limits = limits;
    this.sync = sync;
    this.cursor = new Cursor(folder.resolve("cursor"));
    this.mark = cursor.mark();
    this.next = mark.head();
    for (var file : files()) {
      load(Segment.of(file));
    }
    if (reading == null) {
      rewind();
    }
  }

  /**
   * Opens what is there; a record that was not written whole is no record.
   *
   * @throws StateUnavailable if the folder cannot be used
   */
  public static Outbox open(Path folder, Limits limits, Sync sync) {
    try {
      return new Outbox(folder, limits, sync);
    } catch (IOException e) {
      throw new StateUnavailable(folder + " cannot be used", e);
    }
  }

  private List<Path> files() throws IOException {
    try (var all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(Segment.SUFFIX))
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    }
  }

  private void load(Segment segment) throws IOException {
    var content = segment.content();
    // Between the segments a number may be missing: what stood there was found broken before.
    next = Math.max(next, segment.first());
    while (true) {
      var at = content.position();
      var record = Telemetry.decode(content);
      if (record == null) {
        break;
      }
      if (record.sequence() >= mark.head()) {
        if (reading == null) {
          reading = segment;
          readAt = at;
        }
        waiting++;
        waitingBytes += content.position() - at;
      }
      next = Math.max(next, record.sequence() + 1);
    }
    if (content.hasRemaining()) {
      LOG.atWarn().addKeyValue("bytes", content.remaining()).log("telemetry not written whole");
      mark =
          new Mark(mark.head(), mark.dropped(), mark.refused(), mark.failed(), mark.damaged() + 1);
      cursor.write(mark);
    }
    segment.cutAt(content.position());
    if (reading == null) {
      segment.delete();
    } else {
      segments.add(segment);
    }
  }

  /**
   * Takes a message to be published.
   *
   * @return its number; 0 if it was not taken: refused for want of room, or not written
   * @throws IllegalArgumentException if it is too long to be ever taken
   */
  public synchronized long put(String topic, byte[] payload) {
    if (payload.length > Telemetry.PAYLOAD_MAX
        || topic.getBytes(StandardCharsets.UTF_8).length > Telemetry.TOPIC_MAX) {
      throw new IllegalArgumentException(
          "a payload has at most " + Telemetry.PAYLOAD_MAX + " bytes: " + payload.length);
    }
    var record = new Telemetry(next, topic, payload).encode();
    var size = record.remaining();
    try {
      if (!makeRoom(size)) {
        count(0, 1, 0);
        return 0;
      }
      tail(size).append(record, sync);
    } catch (IOException e) {
      LOG.atError().setCause(e).log("telemetry could not be written");
      countFailure();
      return 0;
    }
    waiting++;
    waitingBytes += size;
    return next++;
  }

  private boolean makeRoom(int size) throws IOException {
    while (waiting >= limits.countMax() || waitingBytes + size > limits.bytesMax()) {
      if (limits.whenFull() == WhenFull.REFUSE_NEWEST || waiting == 0) {
        return false;
      }
      if (onTheWay.isEmpty() && handOut() == null) {
        return false;
      }
      onTheWay.getFirst().acknowledged = true;
      settle(1);
    }
    return true;
  }

  private Segment tail(int size) throws IOException {
    var last = segments.peekLast();
    if (last == null || (last.length() > 0 && last.length() + size > limits.segmentBytes())) {
      last = Segment.create(folder, next, sync);
      segments.add(last);
      if (reading == null) {
        reading = last;
        readAt = 0;
      }
    }
    return last;
  }

  /** The next message in order that is not on its way yet, or null if there is none. */
  public synchronized @Nullable Telemetry next() {
    try {
      return handOut();
    } catch (IOException e) {
      throw new StateUnavailable("telemetry cannot be read", e);
    }
  }

  private @Nullable Telemetry handOut() throws IOException {
    while (reading != null) {
      var record = reading.read(readAt);
      if (record != null) {
        var size = record.encode().remaining();
        onTheWay.add(new Sent(record.sequence(), reading, readAt, size));
        readAt += size;
        return record;
      }
      var after = after(reading);
      if (after == null) {
        return null;
      }
      reading = after;
      readAt = 0;
    }
    return null;
  }

  // A segment is itself alone.
  @SuppressWarnings("ReferenceEquality")
  private @Nullable Segment after(Segment segment) {
    var found = false;
    for (var one : segments) {
      if (found) {
        return one;
      }
      found = one == segment;
    }
    return null;
  }

  /** The server has it, or will never take it: it is not sent again. */
  public synchronized void acknowledged(long sequence) {
    for (var sent : onTheWay) {
      if (sent.sequence == sequence) {
        sent.acknowledged = true;
      }
    }
    try {
      settle(0);
    } catch (IOException e) {
      // It is sent again after a restart; nothing is lost.
      LOG.atWarn().setCause(e).log("an acknowledgement could not be noted");
    }
  }

  private void settle(int dropped) throws IOException {
    var head = mark.head();
    while (!onTheWay.isEmpty() && onTheWay.getFirst().acknowledged) {
      var done = onTheWay.removeFirst();
      head = done.sequence + 1;
      waiting--;
      waitingBytes -= done.size;
    }
    if (head != mark.head() || dropped > 0) {
      mark =
          new Mark(head, mark.dropped() + dropped, mark.refused(), mark.failed(), mark.damaged());
      cursor.write(mark);
      forget();
    }
  }

  /** Deletes files all of whose records are settled, but the one that is written to. */
  // A segment is itself alone.
  @SuppressWarnings("ReferenceEquality")
  private void forget() throws IOException {
    while (segments.size() > 1) {
      var oldest = segments.getFirst();
      var second = after(oldest);
      if (second == null || second.first() > mark.head()) {
        return;
      }
      if (oldest == reading) {
        reading = second;
        readAt = 0;
      }
      segments.removeFirst();
      oldest.delete();
    }
  }

  /** What was on its way and not acknowledged is handed out again: there is a new connection. */
  public synchronized void rewind() {
    var first = onTheWay.peekFirst();
    if (first != null) {
      reading = first.segment;
      readAt = first.at;
      onTheWay.clear();
    } else if (reading == null) {
      reading = segments.peekFirst();
      readAt = 0;
    }
  }

  private void count(long dropped, long refused, long failed) throws IOException {
    mark =
        new Mark(
            mark.head(),
            mark.dropped() + dropped,
            mark.refused() + refused,
            mark.failed() + failed,
            mark.damaged());
    cursor.write(mark);
  }

  private void countFailure() {
    try {
      count(0, 0, 1);
    } catch (IOException e) {
      // The count is in memory; the disk that cannot take it was logged just now.
      LOG.atDebug().setCause(e).log("a count could not be written");
    }
  }

  /** What became of it so far. */
  public synchronized Counts counts() {
    return new Counts(
        waiting, waitingBytes, mark.dropped(), mark.refused(), mark.failed(), mark.damaged());
  }

  @Override
  public synchronized void close() {
    try {
      for (var segment : segments) {
        segment.close();
      }
      cursor.close();
    } catch (IOException e) {
      throw new StateUnavailable(folder + " cannot be closed", e);
    }
  }
}
