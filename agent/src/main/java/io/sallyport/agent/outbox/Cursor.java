package io.sallyport.agent.outbox;

import io.sallyport.agent.state.StateDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * The number of the first record that is not acknowledged, and what was lost so far. Two places are
 * written in turn, each with its checksum, and never synced: after a power cut an older one holds,
 * and some records are sent twice, which is what QoS 1 allows.
 */
final class Cursor implements AutoCloseable {
  /** What is in it. */
  record Mark(long head, long dropped, long refused, long failed, long damaged) {
    static final Mark FIRST = new Mark(1, 0, 0, 0, 0);
  }

  private static final int FIELDS = 6;
  private static final int LENGTH = FIELDS * Long.BYTES + Integer.BYTES;
  private static final int PLACES = 2;

  private final FileChannel channel;
  private long turn;
  private Mark mark = Mark.FIRST;

  Cursor(Path file) throws IOException {
    var options =
        Set.<OpenOption>of(
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    channel = FileChannel.open(file, options, StateDirectory.OWNER_FILE);
    for (var place = 0; place < PLACES; place++) {
      read(place);
    }
  }

  private void read(int place) throws IOException {
    var in = ByteBuffer.allocate(LENGTH);
    if (channel.read(in, (long) place * LENGTH) < LENGTH) {
      return;
    }
    var checksum = Telemetry.checksum(in.array(), 0, LENGTH - Integer.BYTES);
    in.flip();
    var when = in.getLong();
    var found = new Mark(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    if (in.getInt() == checksum && when > turn) {
      turn = when;
      mark = found;
    }
  }

  Mark mark() {
    return mark;
  }

  void write(Mark next) throws IOException {
    var out = ByteBuffer.allocate(LENGTH);
    out.putLong(++turn).putLong(next.head).putLong(next.dropped).putLong(next.refused);
    out.putLong(next.failed).putLong(next.damaged);
    out.putInt(Telemetry.checksum(out.array(), 0, LENGTH - Integer.BYTES)).flip();
    var at = turn % PLACES * LENGTH;
    while (out.hasRemaining()) {
      at += channel.write(out, at);
    }
    mark = next;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
