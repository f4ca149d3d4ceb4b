package io.sallyport.app.firmware;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.firmware.manifest.FirmwareRefused;
import io.sallyport.firmware.manifest.Sha256;
import io.sallyport.firmware.manifest.SignedManifest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The files of a release: the image, and beside it {@code IMAGE.manifest} and {@code IMAGE.sig}.
 */
final class ReleaseFiles {
  static final String MANIFEST = ".manifest";
  static final String SIGNATURE = ".sig";
  private static final int TEXT_MAX = 64 * 1024;

  private ReleaseFiles() {}

  static Path beside(Path image, String suffix) {
    return image.resolveSibling(image.getFileName() + suffix);
  }

  /** An image to be read once. */
  static InputStream image(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw Failure.badInput("there is no image " + file);
    }
    return new BufferedInputStream(Files.newInputStream(file));
  }

  static Sha256 digest(Path file) {
    try (var content = image(file)) {
      return Sha256.of(content);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static SignedManifest manifest(Path file) {
    try {
      return SignedManifest.read(bytes(file, SignedManifest.LENGTH_MAX));
    } catch (FirmwareRefused e) {
      throw Failure.badInput(file + ": " + e.getMessage());
    }
  }

  static String text(Path file, Terminal terminal) {
    return InputFile.read(file.toString(), TEXT_MAX, terminal).text();
  }

  static byte[] bytes(Path file, int lengthMax) {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(lengthMax + 1);
      if (bytes.length > lengthMax) {
        throw Failure.badInput(file + ": longer than " + lengthMax + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static Failure unreadable(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> Failure.badInput("there is no file " + file);
      case AccessDeniedException _ -> Failure.badInput("the file may not be read: " + file);
      default -> Failure.unavailable(file + " cannot be read", e);
    };
  }
}
