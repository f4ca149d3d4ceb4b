package io.sallyport.conformance.upstream;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.ProductProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;

/** The product before somebody's broker, with devices that may do everything. */
final class Gate implements AutoCloseable {
  /** What the broker asks of the gateway. */
  static final String PASSWORD = "between-gateway-and-broker";

  /** Bound: more devices than these no broker's tests have needed. */
  private static final int DEVICES = 40;

  private final Path folder;
  private final ProductProcess product;
  private final AtomicInteger used = new AtomicInteger();

  /**
   * @param address where the broker is, as {@code upstream.address} takes it
   * @param more further lines of the configuration, below {@code upstream}
   */
  Gate(Path folder, String address, String... more) {
    this.folder = folder;
    try {
      var secret = Files.writeString(folder.resolve("password"), PASSWORD);
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
      var lines = new StringBuilder("upstream:\n  address: " + address + "\n");
      // A broker that is just starting, on a machine with much else to do, is slow to answer.
      lines.append("  connect-timeout: 15s\n");
      lines.append("  password-file: ").append(secret).append('\n');
      for (var line : more) {
        lines.append("  ").append(line).append('\n');
      }
      var configuration = Files.writeString(folder.resolve("sallyport.yaml"), lines);
      product = ProductProcess.start(folder.resolve("data"), "--config", configuration.toString());
      enrol();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void enrol() throws IOException {
    var policy =
        Files.writeString(
            folder.resolve("open.json"),
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                + "\"Action\":[\"iot:*\",\"sallyport:*\"],\"Resource\":[\"*\"]}]}");
    product.cli("policy", "put", "open", policy.toString()).expecting(0);
    var fleet = new StringBuilder("id,policy\n");
    for (var number = 1; number <= DEVICES; number++) {
      fleet.append("device-").append(number).append(",open\n");
    }
    var list = Files.writeString(folder.resolve("fleet.csv"), fleet);
    product
        .cli("device", "enroll", "--from", list.toString(), "--out", bundles().toString())
        .expecting(0);
  }

  private Path bundles() {
    return folder.resolve("fleet");
  }

  ProductProcess product() {
    return product;
  }

  /** A device that nobody used before. */
  Endpoint device() {
    var id = "device-" + used.incrementAndGet();
    return new Endpoint("localhost", product.mqttPort(), new Bundle(id, bundles().resolve(id)));
  }

  @Override
  public void close() {
    product.close();
  }
}
