package io.sallyport.agent.outbox;

import io.sallyport.agent.state.Sync;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that says things and has some of them acknowledged, until somebody ends it. */
final class TalkingChild {
  private TalkingChild() {}

  /** The folder, and the number of the first message. */
  public static void main(String[] arguments) {
    var limits = new Limits(64 << 20, 1_000_000, 4096, Limits.WhenFull.REFUSE_NEWEST);
    var outbox = Outbox.open(Path.of(arguments[0]), limits, Sync.PROCESS);
    for (var i = Integer.parseInt(arguments[1]); ; i++) {
      var number = outbox.put("t", ("message " + i).getBytes(StandardCharsets.UTF_8));
      if (number == 0) {
        System.out.println("failed " + i);
        if (outbox.counts().failed() > 3) {
          System.out.println("end 0");
          return;
        }
        continue;
      }
      System.out.println("kept " + i);
      if (i % 3 == 0) {
        var next = outbox.next();
        if (next != null) {
          // Said before it is done, so that whoever reads this knows at least what was forgotten.
          System.out.println("gone " + new String(next.payload(), StandardCharsets.UTF_8));
          outbox.acknowledged(next.sequence());
        }
      }
    }
  }
}
