package io.sallyport.agent.outbox;

import io.sallyport.agent.state.StateDirectory;
import io.sallyport.agent.state.Sync;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One file of records, named by the number of its first; only the last is written to. */
final class Segment implements AutoCloseable {
  static final String SUFFIX = ".log";

  private final Path file;
  private final long first;
  private @Nullable FileChannel channel;
  private long length;

  private Segment(Path file, long first) {
    this.file = file;
    this.first = first;
  }

  static Segment create(Path folder, long first, Sync sync) throws IOException {
    var made = new Segment(folder.resolve("%019d%s".formatted(first, SUFFIX)), first);
    var options =
        Set.<OpenOption>of(
            StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    made.channel = FileChannel.open(made.file, options, StateDirectory.OWNER_FILE);
    StateDirectory.syncFolder(folder, sync);
    return made;
  }

  /** One that is there; it counts as empty until its records were read. */
  static Segment of(Path file) {
    var name = String.valueOf(file.getFileName());
    return new Segment(file, Long.parseLong(name.substring(0, name.length() - SUFFIX.length())));
  }

  long first() {
    return first;
  }

  long length() {
    return length;
  }

  /** Everything in it, to be read once when the outbox is opened. */
  ByteBuffer content() throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file));
  }

  /** Takes what follows for broken: it was not written whole. */
  void cutAt(long end) throws IOException {
    length = end;
    if (open().size() > end) {
      open().truncate(end);
    }
  }

  /**
   * Appends; after a failure the file is as it was, or what follows is cut off when it is opened.
   */
  void append(ByteBuffer record, Sync sync) throws IOException {
    var begin = length;
    var at = begin;
    try {
      while (record.hasRemaining()) {
        at += open().write(record, at);
      }
      if (sync == Sync.DISK) {
        open().force(false);
      }
      length = at;
    } catch (IOException e) {
      open().truncate(begin);
      throw e;
    }
  }

  /** The record at this place, or null at the end. */
  @Nullable Telemetry read(long at) throws IOException {
    if (at >= length) {
      return null;
    }
    var prefix = ByteBuffer.allocate(Telemetry.PREFIX);
    fill(prefix, at);
    var size = prefix.getInt(0);
    if (size < Telemetry.LENGTH_MIN || size > length - at) {
      return null;
    }
    var record = ByteBuffer.allocate(size);
    fill(record, at);
    return Telemetry.decode(record.flip());
  }

  private void fill(ByteBuffer buffer, long at) throws IOException {
    while (buffer.hasRemaining()) {
      if (open().read(buffer, at + buffer.position()) < 0) {
        return;
      }
    }
  }

  private FileChannel open() throws IOException {
    if (channel == null) {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
    return channel;
  }

  void delete() throws IOException {
    close();
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
