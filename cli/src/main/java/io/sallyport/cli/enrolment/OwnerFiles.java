package io.sallyport.cli.enrolment;

import io.sallyport.cli.bundle.BundleFile;
import io.sallyport.cli.terminal.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Folders that only their owner enters, with files that are on the disk when a call returns. */
public final class OwnerFiles {
  private static final FileAttribute<Set<PosixFilePermission>> SECRET = mode("rw-------");
  private static final FileAttribute<Set<PosixFilePermission>> PUBLIC = mode("rw-r--r--");
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER = mode("rwx------");

  private OwnerFiles() {}

  /** Makes the folder and those above it; returns the ones that were not there, deepest first. */
  public static List<Path> createFolders(Path folder) {
    var missing = new ArrayList<Path>();
    for (var path = folder; path != null && !Files.exists(path); path = path.getParent()) {
      missing.add(path);
    }
    try {
      Files.createDirectories(folder, FOLDER);
    } catch (IOException e) {
      throw broken("the folder cannot be made", folder, e);
    }
    return missing;
  }

  /** Removes folders as far as they are empty: what a command made and then did not need. */
  static void removeEmpty(List<Path> folders) {
    for (var folder : folders) {
      try {
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        return;
      }
    }
  }

  /** Writes a file that nobody but its owner may read. */
  public static void writeSecret(Path file, byte[] content) {
    write(file, content, SECRET);
  }

  /** Writes a file without secrets. */
  public static void writePublic(Path file, byte[] content) {
    write(file, content, PUBLIC);
  }

  /** Writes a folder with these files, whole or not at all, and wipes them. */
  static void writeFolder(Path folder, List<BundleFile> files) {
    var target = folder.toAbsolutePath().normalize();
    var draft = target.resolveSibling("." + target.getFileName() + ".draft");
    var parents = createFolders(parent(target));
    try {
      remove(draft);
      createFolders(draft);
      writeAll(draft, files);
      rename(draft, target);
    } catch (Failure failure) {
      files.forEach(BundleFile::wipe);
      discard(draft);
      removeEmpty(parents);
      throw failure;
    }
  }

  /** Writes files into a folder that is there, and wipes them. */
  public static void writeAll(Path folder, List<BundleFile> files) {
    try {
      for (var file : files) {
        if (file.isSecret()) {
          writeSecret(folder.resolve(file.name()), file.content());
        } else {
          writePublic(folder.resolve(file.name()), file.content());
        }
      }
    } finally {
      files.forEach(BundleFile::wipe);
    }
  }

  /** Overwrites a file where it stands, as far as a disk allows that, and deletes it. */
  public static void destroy(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        var zeros = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (zeros.hasRemaining()) {
          channel.write(zeros);
        }
        channel.force(true);
      }
      Files.delete(file);
    } catch (IOException e) {
      throw broken("the file cannot be removed", file, e);
    }
  }

  /** Removes what was begun, after a failure that is told already. */
  private static void discard(Path draft) {
    try (var files = Files.newDirectoryStream(draft)) {
      for (var file : files) {
        destroy(file);
      }
      Files.delete(draft);
    } catch (IOException | Failure _) {
      // The failure that is told says that this folder cannot be written.
    }
  }

  /** Gives a folder or file its final name at once; a folder there must be empty. */
  public static void rename(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      sync(parent(to));
    } catch (IOException e) {
      throw broken("the folder cannot be renamed", to, e);
    }
  }

  /**
   * Gives several folders or files of one folder their names in another, each at once, so that all
   * of them are on the disk when it returns.
   */
  public static void renameAll(Path from, Path to, List<String> names) {
    try {
      // The names within what is renamed, too.
      for (var name : names) {
        if (Files.isDirectory(from.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
          sync(from.resolve(name));
        }
      }
      for (var name : names) {
        Files.move(from.resolve(name), to.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      }
      sync(to);
    } catch (IOException e) {
      throw broken("the folder cannot be renamed", to, e);
    }
  }

  /** Writes a file whole or not at all, in place of what was there. */
  public static void replace(Path file, byte[] content) {
    var draft = file.resolveSibling(file.getFileName() + ".draft");
    writePublic(draft, content);
    rename(draft, file);
  }

  /** Removes a folder of files, if it is there. */
  public static void remove(Path folder) {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      try (var files = Files.newDirectoryStream(folder)) {
        for (var file : files) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw broken("the folder cannot be removed", folder, e);
    }
  }

  /** Whether something is in the way: not a folder, or a folder with something in it. */
  public static boolean occupied(Path folder) {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (var files = Files.newDirectoryStream(folder)) {
      return files.iterator().hasNext();
    } catch (IOException e) {
      return true;
    }
  }

  static Path parent(Path path) {
    var parent = path.toAbsolutePath().normalize().getParent();
    if (parent == null) {
      throw Failure.badInput("not a place for files: " + path);
    }
    return parent;
  }

  /** The failure of something that the disk did not do. */
  public static Failure broken(String what, Path where, IOException how) {
    var detail = how.getMessage();
    var said = detail == null || detail.equals(where.toString()) ? "" : " (" + detail + ")";
    return Failure.unavailable(what + ": " + where + said, how);
  }

  private static void write(
      Path file, byte[] content, FileAttribute<Set<PosixFilePermission>> mode) {
    var options = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try {
      Files.deleteIfExists(file);
      try (var channel = FileChannel.open(file, options, mode)) {
        var bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
    } catch (IOException e) {
      throw broken("the file cannot be written", file, e);
    }
  }

  private static void sync(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> mode(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }
}
