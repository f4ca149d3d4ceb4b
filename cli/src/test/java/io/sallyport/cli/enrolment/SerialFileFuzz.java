package io.sallyport.cli.enrolment;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.InputFile;
import java.nio.charset.StandardCharsets;

/** Any text is a list of serial numbers, each there once, or is refused by its name. */
class SerialFileFuzz {
  @FuzzTest
  void everyTextIsReadOrRefused(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8);
    try {
      var rows = SerialFile.read(new InputFile("manifest", text));
      long distinct = rows.stream().map(row -> row.path("serial").asString()).distinct().count();
      if (distinct != rows.size()) {
        throw new AssertionError("a serial number is there twice");
      }
    } catch (Failure e) {
      if (!String.valueOf(e.getMessage()).startsWith("manifest")) {
        throw new AssertionError("a refusal without the file's name", e);
      }
    }
  }
}
