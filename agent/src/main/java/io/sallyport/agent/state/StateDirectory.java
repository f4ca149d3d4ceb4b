package io.sallyport.agent.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The agent's folder: mode 0700, one process at a time. A small file is replaced whole (written
 * beside, synced, renamed, the folder synced), so that whoever reads it later finds the old or the
 * new one.
 */
public final class StateDirectory implements AutoCloseable {
  /** For the owner alone. */
  public static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  // Bound of what is read back: a shadow has 8 KiB, a job 32 KiB.
  private static final int LENGTH_MAX = 1024 * 1024;

  private final Path directory;
  private final Sync sync;
  private final FileChannel lock;

  private StateDirectory(Path directory, Sync sync, FileChannel lock) {
    this.directory = directory;
    this.sync = sync;
    this.lock = lock;
  }

  /**
   * Opens the folder, makes it if it is not there.
   *
   * @throws StateUnavailable if it cannot be written, or another agent has it
   */
  public static StateDirectory open(Path directory, Sync sync) {
    try {
      make(directory);
      var options = Set.<OpenOption>of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      var lock = FileChannel.open(directory.resolve("lock"), options, OWNER_FILE);
      if (!taken(lock)) {
        lock.close();
        throw new StateUnavailable("another agent runs on " + directory);
      }
      return new StateDirectory(directory, sync, lock);
    } catch (IOException e) {
      throw new StateUnavailable(directory + " cannot be used", e);
    }
  }

  private static void make(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, OWNER_DIRECTORY);
    }
    var mode = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
    if (!PosixFilePermissions.toString(mode).endsWith("------")) {
      throw new StateUnavailable(
          "others than the owner have rights to " + directory + "; chmod 700 it");
    }
  }

  private static boolean taken(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  /** A folder within it. */
  public Path below(String name) {
    var below = directory.resolve(name);
    try {
      make(below);
      return below;
    } catch (IOException e) {
      throw new StateUnavailable(below + " cannot be made", e);
    }
  }

  /** How its writes are kept. */
  public Sync sync() {
    return sync;
  }

  /** What was last written under the name. */
  public Optional<byte[]> read(String name) {
    try (var in = Files.newInputStream(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(in.readNBytes(LENGTH_MAX));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StateUnavailable(directory.resolve(name) + " cannot be read", e);
    }
  }

  /** Replaces a file, whole or not at all; kept when this returns. */
  public synchronized void write(String name, byte[] content) {
    var draft = directory.resolve(name + ".new");
    try {
      Files.deleteIfExists(draft);
      var options = Set.<OpenOption>of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (var channel = FileChannel.open(draft, options, OWNER_FILE)) {
        var bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        if (sync == Sync.DISK) {
          channel.force(true);
        }
      }
      Files.move(draft, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      syncFolder(directory, sync);
    } catch (IOException e) {
      throw new StateUnavailable(directory.resolve(name) + " cannot be written", e);
    }
  }

  /** Takes a file away; nothing if there is none. */
  public synchronized void delete(String name) {
    try {
      Files.deleteIfExists(directory.resolve(name));
      syncFolder(directory, sync);
    } catch (IOException e) {
      throw new StateUnavailable(directory.resolve(name) + " cannot be deleted", e);
    }
  }

  /** Makes what was created, renamed or deleted in a folder survive a power cut. */
  public static void syncFolder(Path folder, Sync sync) throws IOException {
    if (sync == Sync.DISK) {
      try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new StateUnavailable(directory + " cannot be closed", e);
    }
  }
}
