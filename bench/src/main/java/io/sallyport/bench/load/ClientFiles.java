package io.sallyport.bench.load;

import java.nio.file.Path;

/** One identity on disk: {@code <fleet>/<id>/device.crt} and {@code device.key}. */
public record ClientFiles(String id, Path certificate, Path key) {
  public static ClientFiles in(Path fleet, String id) {
    return new ClientFiles(
        id, fleet.resolve(id).resolve("device.crt"), fleet.resolve(id).resolve("device.key"));
  }
}
