package io.sallyport.bench.flame;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** The CPU-time samples of a flight recording that were taken between two moments. */
final class Recording {
  static final String SAMPLE = "jdk.CPUTimeSample";

  static final String LOST = "jdk.CPUTimeSamplesLost";

  private final Instant from;
  private final Instant to;
  private final CallTree tree;
  private final Set<Long> threads = new HashSet<>();
  private long samples;
  private long lost;

  private Recording(CallTree tree, Instant from, Instant to) {
    this.tree = tree;
    this.from = from;
    this.to = to;
  }

  /** Reads a file and adds its stacks to a tree, each below the name of its thread. */
  static Recording read(Path file, CallTree tree, Instant from, Instant to) throws IOException {
    var recording = new Recording(tree, from, to);
    try (var events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        recording.take(events.readEvent());
      }
    }
    return recording;
  }

  /** How many there were. */
  long samples() {
    return samples;
  }

  /** How many the recorder could not take in time. */
  long lost() {
    return lost;
  }

  /** The kernel's numbers of the threads that were seen. */
  Set<Long> threads() {
    return Set.copyOf(threads);
  }

  private void take(RecordedEvent event) {
    var at = event.getStartTime();
    if (at.isBefore(from) || at.isAfter(to)) {
      return;
    }
    switch (event.getEventType().getName()) {
      case SAMPLE -> {
        samples++;
        tree.add(stack(event), event.getDuration("samplingPeriod").toNanos());
      }
      case LOST -> lost += event.getLong("lostSamples");
      default -> {
        // The file also has what every recording has, such as its own settings.
      }
    }
  }

  private List<Frame> stack(RecordedEvent sample) {
    var stack = new ArrayList<Frame>();
    stack.add(Frame.thread(thread(sample.getThread("eventThread"))));
    var trace = Optional.ofNullable(sample.getStackTrace());
    if (trace.isEmpty()) {
      stack.add(Frame.note("[no stack]"));
      return stack;
    }
    if (trace.get().isTruncated()) {
      stack.add(Frame.note("[deeper than recorded]"));
    }
    trace.get().getFrames().reversed().forEach(frame -> stack.add(frame(frame)));
    return stack;
  }

  private String thread(@Nullable RecordedThread thread) {
    if (thread == null) {
      return "[unknown thread]";
    }
    threads.add(thread.getOSThreadId());
    return Optional.ofNullable(thread.getJavaName())
        .or(() -> Optional.ofNullable(thread.getOSName()))
        .orElse("[unnamed thread]");
  }

  private static Frame frame(RecordedFrame frame) {
    var method = frame.getMethod();
    return Frame.method(
        method.getType().getName(), method.getName(), frame.getType().equals("Native"));
  }
}
