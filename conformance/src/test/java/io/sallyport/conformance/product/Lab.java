package io.sallyport.conformance.product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One running product that the tests of clients share, with a fleet enrolled by its own command
 * line. Every test takes identities that nobody used before.
 */
public final class Lab implements AutoCloseable {
  /** Bounds: more than a build of today takes, since every run of a test takes one. */
  private static final int OPEN = 200;

  private static final int STRICT = 120;
  private static final int WIRE = 4;

  private static final List<String> SPECIAL =
      List.of("Z", "ABCDEFGHIJKLMNOPQRSTUVW", "abcdefghijklmnopqrs0123");

  private static final String ALLOWS_EVERYTHING =
      """
      {
        "Version": "2012-10-17",
        "Statement": [
          {"Effect": "Allow", "Action": ["iot:*", "sallyport:*"], "Resource": ["*"]}
        ]
      }
      """;

  private final Path folder;
  private final ProductProcess product;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger strict = new AtomicInteger();
  private final AtomicInteger backends = new AtomicInteger();

  private Lab(Path folder) {
    this.folder = folder;
    product = ProductProcess.start(folder.resolve("data"));
  }

  /** Starts a product in a new folder and enrols its fleet. */
  public static Lab open() {
    try {
      var lab = new Lab(Files.createTempDirectory("sallyport-lab"));
      try {
        lab.enrolFleet();
        return lab;
      } catch (IOException | RuntimeException | AssertionError e) {
        lab.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ProductProcess product() {
    return product;
  }

  /** A device that may do everything: for tests of the protocol, not of policy. */
  public Endpoint openClient() {
    return endpoint("open-", open, OPEN);
  }

  /** A device with the policy that a new device gets. */
  public Endpoint device() {
    return endpoint("strict-", strict, STRICT);
  }

  /** One of a few devices that may do everything, used by one test after the other. */
  public Endpoint wirePeer(int number) {
    var id = "wire-" + number;
    return new Endpoint("localhost", product.mqttPort(), new Bundle(id, fleetFolder().resolve(id)));
  }

  /** One of the devices with a name that specifications speak of; it may do everything. */
  public Endpoint named(String id) {
    if (!SPECIAL.contains(id)) {
      throw new IllegalStateException("the lab has no device of that name: " + id);
    }
    return new Endpoint("localhost", product.mqttPort(), new Bundle(id, fleetFolder().resolve(id)));
  }

  /** A backend with the policy that a new backend gets. */
  public Endpoint backend() {
    var id = "backend-" + backends.incrementAndGet();
    var bundle = folder.resolve(id);
    product.cli("backend", "enroll", id, "--bundle", bundle.toString()).expecting(0);
    return new Endpoint("localhost", product.mqttPort(), new Bundle(id, bundle));
  }

  /** A folder for a test's own files. */
  public Path scratch() {
    try {
      return Files.createTempDirectory(folder, "scratch");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    product.close();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (var file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void enrolFleet() throws IOException {
    var policy = Files.writeString(folder.resolve("open.json"), ALLOWS_EVERYTHING);
    product.cli("policy", "put", "open", policy.toString()).expecting(0);
    var fleet = new StringBuilder("id,policy\n");
    for (var number = 1; number <= OPEN; number++) {
      fleet.append("open-").append(number).append(",open\n");
    }
    for (var number = 0; number < WIRE; number++) {
      fleet.append("wire-").append(number).append(",open\n");
    }
    for (var id : SPECIAL) {
      fleet.append(id).append(",open\n");
    }
    for (var number = 1; number <= STRICT; number++) {
      fleet.append("strict-").append(number).append(",\n");
    }
    var list = Files.writeString(folder.resolve("fleet.csv"), fleet);
    product
        .cli("device", "enroll", "--from", list.toString(), "--out", fleetFolder().toString())
        .expecting(0);
  }

  private Endpoint endpoint(String prefix, AtomicInteger used, int most) {
    var number = used.incrementAndGet();
    if (number > most) {
      throw new IllegalStateException("the lab has no more " + prefix + " identities");
    }
    var id = prefix + number;
    return new Endpoint("localhost", product.mqttPort(), new Bundle(id, fleetFolder().resolve(id)));
  }

  private Path fleetFolder() {
    return folder.resolve("fleet");
  }

  /** Gives a test the lab: the first opens it, the end of the build closes it. */
  public static final class Resolver implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(Lab.class))
          .computeIfAbsent(Lab.class, _ -> Lab.open());
    }
  }
}
