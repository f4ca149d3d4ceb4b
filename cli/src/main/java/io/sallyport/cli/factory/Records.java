package io.sallyport.cli.factory;

import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.terminal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What will be said of the devices of one portion: on the disk before their outputs get their final
 * names, and never changed for a device whose output has its name.
 */
final class Records {
  private final Path file;

  Records(Path file) {
    this.file = file;
  }

  boolean exist() {
    return Files.exists(file);
  }

  /** By id. */
  Map<String, DeviceFacts> read() {
    var known = new LinkedHashMap<String, DeviceFacts>();
    if (exist()) {
      try (var stream = Files.newInputStream(file)) {
        Arrays.stream(Json.mapper().readValue(stream.readAllBytes(), DeviceFacts[].class))
            .forEach(one -> known.put(one.id(), one));
      } catch (IOException e) {
        throw OwnerFiles.broken("the records of an earlier run cannot be read", file, e);
      }
    }
    return known;
  }

  void write(List<DeviceFacts> devices) {
    OwnerFiles.replace(file, Json.mapper().writeValueAsBytes(devices));
  }
}
