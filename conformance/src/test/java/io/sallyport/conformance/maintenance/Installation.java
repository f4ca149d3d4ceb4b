package io.sallyport.conformance.maintenance;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Endpoint;
import io.sallyport.conformance.product.ProductProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A product with a configuration file of its own that a test may rewrite. */
final class Installation implements AutoCloseable {
  private static final String EVERYTHING =
      """
      {"Version": "2012-10-17",
       "Statement": [{"Effect": "Allow", "Action": ["iot:*"], "Resource": ["*"]}]}
      """;

  final Path folder;
  final Path configuration;
  final ProductProcess product;

  Installation(Path folder, String yaml) {
    this.folder = folder;
    configuration = folder.resolve("sallyport.yaml");
    configure(yaml);
    product = ProductProcess.start(folder.resolve("data"), "--config", configuration.toString());
  }

  void configure(String yaml) {
    try {
      Files.writeString(configuration, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Devices that may do everything, with these ids. */
  List<Endpoint> devices(String... ids) throws IOException {
    var policy = Files.writeString(folder.resolve("open.json"), EVERYTHING);
    product.cli("policy", "put", "open", policy.toString()).expecting(0);
    var list = Files.writeString(folder.resolve("fleet.csv"), "id,policy\n" + lines(ids));
    var fleet = folder.resolve("fleet");
    product
        .cli("device", "enroll", "--from", list.toString(), "--out", fleet.toString())
        .expecting(0);
    var endpoints = new ArrayList<Endpoint>();
    for (var id : ids) {
      endpoints.add(
          new Endpoint("localhost", product.mqttPort(), new Bundle(id, fleet.resolve(id))));
    }
    return endpoints;
  }

  private static String lines(String... ids) {
    return String.join(",open\n", ids) + ",open\n";
  }

  @Override
  public void close() {
    product.close();
  }
}
