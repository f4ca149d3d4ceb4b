package io.sallyport.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A text that the user names by its file, or {@code -} for the standard input. */
public record InputFile(String name, String text) {
  private static final String STANDARD_INPUT = "-";

  /** Reads it whole; refuses what is longer than the bound, or not UTF-8. */
  public static InputFile read(String name, int bytesMax, Terminal terminal) {
    try (var stream = open(name, terminal)) {
      var bytes = stream.readNBytes(bytesMax + 1);
      if (bytes.length > bytesMax) {
        throw Failure.badInput(shown(name) + ": longer than " + bytesMax + " bytes");
      }
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new InputFile(shown(name), text);
    } catch (NoSuchFileException e) {
      throw Failure.badInput("there is no file " + name);
    } catch (AccessDeniedException e) {
      throw Failure.badInput("the file may not be read: " + name);
    } catch (CharacterCodingException e) {
      throw Failure.badInput(shown(name) + ": not UTF-8 text");
    } catch (IOException e) {
      throw Failure.badInput("the file cannot be read: " + name);
    }
  }

  private static InputStream open(String name, Terminal terminal) throws IOException {
    return name.equals(STANDARD_INPUT) ? terminal.in() : Files.newInputStream(Path.of(name));
  }

  private static String shown(String name) {
    return name.equals(STANDARD_INPUT) ? "standard input" : name;
  }
}
