package io.sallyport.app.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Notices that files have another content. Told by content and not by time, because a file may be
 * replaced within the clock's grain or touched for nothing; and only once two looks have seen the
 * same, because a file is not written in one moment, nor a certificate with its key.
 */
final class WatchedFiles {
  // Bound: what is read of each file at a look; no file that is taken is larger.
  private static final int BYTES_MAX = 256 * 1024;

  private String handled = "";
  private String candidate = "";

  /** Whoever calls this is about to read them: what they are now is no change any more. */
  synchronized void handled(List<Path> files) {
    handled = digest(files);
    candidate = handled;
  }

  /** Looks; whether they have changed, and stand still again. */
  synchronized boolean haveChanged(List<Path> files) {
    var now = digest(files);
    var settled = now.equals(candidate);
    candidate = now;
    return settled && !now.equals(handled);
  }

  private static String digest(List<Path> files) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      for (var file : files) {
        sha.update(MessageDigest.getInstance("SHA-256").digest(content(file)));
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] content(Path file) {
    try (var stream = Files.newInputStream(file)) {
      return stream.readNBytes(BYTES_MAX);
    } catch (IOException _) {
      // That it is not there is a state like another, and the reload will say so.
      return new byte[0];
    }
  }
}
