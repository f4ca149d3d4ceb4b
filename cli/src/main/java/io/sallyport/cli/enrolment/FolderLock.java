package io.sallyport.cli.enrolment;

import io.sallyport.cli.terminal.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps two runs out of one folder: they would take each other's keys. A crash releases it. */
public final class FolderLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Locks, or says that another run is at it. */
  public static FolderLock take(Path file, Path folder) {
    try {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel)) {
        return new FolderLock(file, channel);
      }
      channel.close();
    } catch (IOException e) {
      throw OwnerFiles.broken("the folder cannot be locked", folder, e);
    }
    throw Failure.badInput("another enrolment is writing to " + folder);
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Removes the file; the lock itself holds until closed. */
  public void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw OwnerFiles.broken("the lock cannot be removed", file, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw OwnerFiles.broken("the lock cannot be released", file, e);
    }
  }
}
