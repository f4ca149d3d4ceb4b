package io.sallyport.app.installation;

import io.sallyport.cli.terminal.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where one installation keeps everything: readable by its owner alone, used by one process. */
public final class DataDirectory {
  static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private static final int NODE_BYTES = 16;

  private final Path root;

  public DataDirectory(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** Makes the folder if it is missing; refuses one that others may enter. */
  public void prepare() throws IOException {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw Failure.badInput(root + " is not a directory; name another one with --data");
    }
    if (!Files.exists(root)) {
      Files.createDirectories(root, PosixFilePermissions.asFileAttribute(OWNER_FOLDER));
      Files.setPosixFilePermissions(root, OWNER_FOLDER);
    }
    refuseOpenToOthers(root, "chmod 700 " + root);
  }

  /** Refuses a file or folder that group or others may read, write or enter. */
  public static void refuseOpenToOthers(Path path, String nextStep) throws IOException {
    for (var permission : Files.getPosixFilePermissions(path)) {
      if (OTHERS.contains(permission)) {
        throw Failure.badInput(path + " is open to other users; close it first: " + nextStep);
      }
    }
  }

  /** Holds the directory for this process, or says who has it. */
  public FileLock lock() throws IOException {
    var file = root.resolve("lock");
    var channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    @Nullable FileLock held = null;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      // The same answer: this very process has it.
    }
    if (held == null) {
      channel.close();
      throw Failure.badInput(
          "another sallyport process uses "
              + root
              + "; stop it, or name another directory with --data");
    }
    return held;
  }

  public Path root() {
    return root;
  }

  public Path database() {
    return root.resolve("sallyport.db");
  }

  boolean holdsDatabase() {
    return Files.exists(database());
  }

  /** Says which database holds the registry. */
  Path registryPlace() {
    return root.resolve("registry");
  }

  /** Whether there is a registry: in this directory, or known to be elsewhere. */
  public boolean hasRegistry() {
    return holdsDatabase() || Files.exists(registryPlace());
  }

  public Path authorities() {
    return root.resolve("ca");
  }

  public Path exchange() {
    return root.resolve("exchange");
  }

  public Path acme() {
    return root.resolve("acme");
  }

  public Path operator() {
    return root.resolve("operator");
  }

  /** What this directory is known by to others that share a database with it; made once. */
  public String node() {
    var file = root.resolve("node");
    try {
      if (!Files.exists(file)) {
        var bytes = new byte[NODE_BYTES];
        new SecureRandom().nextBytes(bytes);
        replace(file, HexFormat.of().formatHex(bytes).getBytes(StandardCharsets.US_ASCII));
      }
      var text = Files.size(file) > 2 * NODE_BYTES ? "" : Files.readString(file).strip();
      if (text.isEmpty()) {
        throw Failure.badInput(file + " is not ours; delete it, and a new one is made");
      }
      return text;
    } catch (IOException e) {
      throw Failure.unavailable(file + " cannot be used", e);
    }
  }

  public Path unsealKey() {
    return root.resolve("unseal.key");
  }

  private Path endpoint() {
    return root.resolve("endpoint.json");
  }

  /** Tells commands on this machine where the running server is. */
  public void announce(String json) throws IOException {
    replace(endpoint(), json.getBytes(StandardCharsets.UTF_8));
  }

  public void withdraw() throws IOException {
    Files.deleteIfExists(endpoint());
  }

  /** Writes a file for the owner alone, whole or not at all. */
  public static void replace(Path file, byte[] bytes) throws IOException {
    var fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (var channel =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      channel.write(java.nio.ByteBuffer.wrap(bytes));
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
