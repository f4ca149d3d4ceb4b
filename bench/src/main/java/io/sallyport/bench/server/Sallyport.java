package io.sallyport.bench.server;

import io.sallyport.bench.load.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code sallyport up} as a user starts it, with an empty data directory. */
public final class Sallyport extends ServerProcess {
  public static final String NAME = "sallyport";

  private static final long READY_SECONDS_MAX = 60;
  private static final Pattern PORTS = Pattern.compile("ready .*?mqtt=(\\d+).*?https=(\\d+).*");

  private final OperatorApi operator;
  private Observer observer = Observer.NONE;

  private Sallyport(Process process, Target target, OperatorApi operator) {
    super(NAME, process, target);
    this.operator = operator;
  }

  /**
   * How to start it.
   *
   * @param launcher the script, which replaces itself by the server's JVM
   * @param configuration the YAML file's text, empty for the defaults
   * @param recording where to write a flight recording at the end, if one is wanted
   */
  public record Start(Path launcher, String configuration, @Nullable Path recording) {}

  /** Starts it and waits until it says that it is ready. */
  public static Sallyport start(Start start, Path directory)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var data = directory.resolve("data");
    var builder =
        new ProcessBuilder(command(start, directory, data))
            .redirectError(directory.resolve("sallyport.log").toFile());
    if (start.recording() != null) {
      builder
          .environment()
          .put(
              "SALLYPORT_JAVA_OPTIONS",
              "-XX:StartFlightRecording=settings=profile,filename=" + start.recording());
    }
    var process = builder.start();
    var ready = PORTS.matcher(awaitReady(process, directory));
    if (!ready.matches()) {
      Ending.end(process);
      throw new IOException("sallyport's ready line names no ports: " + ready);
    }
    var operator = new OperatorApi(Integer.parseInt(ready.group(2)), data.resolve("operator"));
    var target =
        new Target("localhost", Integer.parseInt(ready.group(1)), data.resolve("operator/ca.crt"));
    return new Sallyport(process, target, operator);
  }

  private static List<String> command(Start start, Path directory, Path data) throws IOException {
    var command = new ArrayList<String>();
    command.addAll(
        List.of(
            start.launcher().toString(),
            "up",
            "--data",
            data.toString(),
            "--mqtt-port",
            "0",
            "--https-port",
            "0"));
    if (!start.configuration().isEmpty()) {
      var file = directory.resolve("sallyport.yaml");
      Files.writeString(file, start.configuration());
      command.addAll(List.of("--config", file.toString()));
    }
    return command;
  }

  private static String awaitReady(Process process, Path directory)
      throws IOException, InterruptedException {
    var ready = new CompletableFuture<String>();
    Thread.ofVirtual().name("sallyport-lines").start(() -> read(process, ready));
    try {
      return ready.get(READY_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      Ending.end(process);
      var log = Files.readString(directory.resolve("sallyport.log"));
      throw new IOException("sallyport did not become ready: " + log.strip(), e);
    }
  }

  /** Reads to the end, so that the server never waits for its reader. */
  private static void read(Process process, CompletableFuture<String> ready) {
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("ready ")) {
          ready.complete(line);
        }
      }
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
    ready.completeExceptionally(new IOException("it ended"));
  }

  /** Enrols a fleet through the REST interface. */
  public Fleet enrol(Path directory, Fleet.Size size) throws IOException, InterruptedException {
    if (size.rules() > 0) {
      addRules(size.rules());
    }
    return Fleet.issue(directory, size, new RestEnrolment(operator));
  }

  /** Enrols further devices, each with a folder of its own. */
  public void enrol(Path directory, List<String> devices) throws IOException, InterruptedException {
    Fleet.write(directory, new RestEnrolment(operator).devices(devices));
  }

  private void addRules(int rules) throws IOException, InterruptedException {
    var path = "/api/v1/policies/default-device";
    var document = (ObjectNode) operator.get(path).path("document");
    var statements = document.withArray("Statement");
    for (var i = 0; i < rules; i++) {
      statements
          .addObject()
          .put("Effect", "Allow")
          .put("Action", "iot:Publish")
          .put(
              "Resource",
              "arn:aws:iot:*:*:topic/"
                  + Fleet.Size.rule(i)
                  + "${iot:Connection.Thing.ThingName}/*");
    }
    operator.put(path, document);
  }

  public OperatorApi operator() {
    return operator;
  }

  @Override
  public void observeWith(Observer chosen) {
    observer = chosen;
  }

  @Override
  public Observer.Observation observe() throws InterruptedException {
    return observer.begin(pid());
  }

  @Override
  public void close() {
    operator.close();
    super.close();
  }
}
