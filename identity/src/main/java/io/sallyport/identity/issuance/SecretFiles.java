package io.sallyport.identity.issuance;

import io.sallyport.identity.issuance.AuthorityRefused.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A directory of small files that only their owner may see, written so that a crash tears none. */
final class SecretFiles {
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final FileAttribute<Set<PosixFilePermission>> CREATE_FILE =
      PosixFilePermissions.asFileAttribute(OWNER_FILE);
  private static final FileAttribute<Set<PosixFilePermission>> CREATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);
  // Bound: certificates and sealed keys have a few KiB.
  private static final int LENGTH_MAX = 64 * 1024;

  private final Path directory;
  private final Path parent;

  SecretFiles(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
    var above = this.directory.getParent();
    if (above == null) {
      throw new IllegalArgumentException("not the root of a file system: " + directory);
    }
    this.parent = above;
  }

  boolean exist() {
    return Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
  }

  boolean has(String file) {
    return Files.isRegularFile(directory.resolve(file), LinkOption.NOFOLLOW_LINKS);
  }

  byte[] read(String file) {
    var path = directory.resolve(file);
    try (var stream = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
      return stream.readNBytes(LENGTH_MAX);
    } catch (IOException e) {
      throw new IssuanceUnavailable("could not be read: " + path, e);
    }
  }

  /** Refuses when anybody but the owner has any right to the directory or a file in it. */
  void requireOwnerOnly() throws AuthorityRefused {
    if (!exist()) {
      throw new AuthorityRefused(Reason.MISSING, "there is no " + directory);
    }
    requireOwnerOnly(directory);
    try (var paths = Files.newDirectoryStream(directory)) {
      for (var path : paths) {
        requireOwnerOnly(path);
      }
    } catch (IOException e) {
      throw new IssuanceUnavailable("could not be listed: " + directory, e);
    }
  }

  private static void requireOwnerOnly(Path path) throws AuthorityRefused {
    try {
      var mode = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
      if (mode.stream().anyMatch(OTHERS::contains)) {
        throw new AuthorityRefused(
            Reason.UNSAFE_MODE,
            "others than the owner have rights to "
                + path
                + ": "
                + PosixFilePermissions.toString(mode));
      }
    } catch (IOException e) {
      throw new IssuanceUnavailable("could not be examined: " + path, e);
    }
  }

  /** Makes the directory with all these files, or nothing; false if it exists already. */
  boolean createAll(Map<String, String> contents) {
    try {
      Files.createDirectories(parent, CREATE_DIRECTORY);
      var draft =
          Files.createTempDirectory(parent, directory.getFileName() + ".", CREATE_DIRECTORY);
      try {
        for (var entry : contents.entrySet()) {
          write(draft.resolve(entry.getKey()), entry.getValue());
        }
        sync(draft);
        Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
        sync(parent);
        return true;
      } catch (FileSystemException e) {
        // Somebody else's directory came in between: the rename leaves it as it is.
        if (exist()) {
          return false;
        }
        throw e;
      } finally {
        remove(draft);
      }
    } catch (IOException e) {
      throw new IssuanceUnavailable("could not be written: " + directory, e);
    }
  }

  /** Writes one file, whole or not at all, in place of what was there. */
  void replace(String file, String content) {
    var draft = directory.resolve(file + ".new");
    try {
      Files.deleteIfExists(draft);
      write(draft, content);
      Files.move(draft, directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
      sync(directory);
    } catch (IOException e) {
      throw new IssuanceUnavailable("could not be written: " + directory.resolve(file), e);
    }
  }

  /** The names of the files. */
  List<String> names() {
    try (var paths = Files.list(directory)) {
      return paths.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new IssuanceUnavailable("could not be listed: " + directory, e);
    }
  }

  /** All of it, with the directory. */
  void destroyAll() {
    names().forEach(this::destroy);
    try {
      Files.delete(directory);
      sync(parent);
    } catch (IOException e) {
      throw new IssuanceUnavailable("could not be deleted: " + directory, e);
    }
  }

  /** Overwrites a file where it stands, as far as a disk allows that, and deletes it. */
  void destroy(String file) {
    var path = directory.resolve(file);
    try {
      try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        var zeros = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (zeros.hasRemaining()) {
          channel.write(zeros);
        }
        channel.force(true);
      }
      Files.delete(path);
      sync(directory);
    } catch (IOException e) {
      throw new IssuanceUnavailable("could not be deleted: " + path, e);
    }
  }

  private static void write(Path path, String content) throws IOException {
    var options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try (var channel = FileChannel.open(path, options, CREATE_FILE)) {
      var bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void remove(Path draft) throws IOException {
    if (!Files.exists(draft)) {
      return;
    }
    try (var paths = Files.newDirectoryStream(draft)) {
      for (var path : paths) {
        Files.delete(path);
      }
    }
    Files.delete(draft);
  }
}
