package io.sallyport.conformance.services;

import io.sallyport.conformance.product.Bundle;
import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code sallyport agent} on a device: a bundle, an agent.yaml, and a program that writes down each
 * time that it is run, for commands and for jobs.
 */
final class AgentProcess implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration START_MAX = Duration.ofSeconds(30);

  // What is killed with the agent in its midst still writes its line: it was begun.
  private static final String PROGRAM =
      """
      #!/bin/sh
      line=$(cat)
      sleep 0.05
      printf '%s\\n' "$line" >> "$0.log"
      echo counted
      """;

  private final ProductProcess product;
  private final Path folder;
  private final Path configuration;
  private @Nullable Program program;

  /**
   * Enrols a device.
   *
   * @param commandKeys files with the keys that it obeys
   * @param commands names of commands and jobs that run the program
   */
  AgentProcess(
      ProductProcess product, Path folder, String id, List<Path> commandKeys, List<String> commands)
      throws IOException {
    this.product = product;
    this.folder = Files.createDirectory(folder.resolve(id));
    product
        .cli("device", "enroll", id, "--bundle", bundlePath().toString(), "--format", "agent")
        .expecting(0);
    Files.createDirectory(spool());
    var counter = Files.writeString(this.folder.resolve("count"), PROGRAM);
    Files.setPosixFilePermissions(counter, PosixFilePermissions.fromString("rwx------"));
    var yaml =
        new StringBuilder("interval: 1s\nspool: " + spool() + "\n")
            .append("command-keys: " + commandKeys + "\n")
            .append("allow: " + commands + "\nprograms:\n");
    for (var name : commands) {
      yaml.append("  " + name + ":\n    path: " + counter + "\n    options: [n]\n");
    }
    configuration = Files.writeString(this.folder.resolve("agent.yaml"), yaml);
  }

  /** Runs it, for the first time or again. */
  void start() {
    var started =
        product.startCliWithoutData(
            "agent",
            "--bundle",
            bundlePath().toString(),
            "--config",
            configuration.toString(),
            "--json");
    started.endInput();
    program = started;
  }

  private Program running() {
    return Objects.requireNonNull(program, "the agent was not started");
  }

  boolean isConnected() {
    return running().err().contains(" connected ");
  }

  /** Waits until this run of it was let in. */
  void untilConnected() {
    Patience.until("connected: " + this, START_MAX, this::isConnected);
  }

  /** What this run of it wrote into its log. */
  String log() {
    return running().err();
  }

  /** SIGKILL. */
  void kill() {
    running().kill();
  }

  /** SIGTERM; what it counted. */
  JsonNode stop() {
    running().terminate();
    return JSON.readTree(running().ended().expecting(0).out());
  }

  /** Says a piece of telemetry, whole or not at all, as the spool wants it. */
  void say(String name, String text) throws IOException {
    var draft = Files.writeString(spool().resolve("." + name), text);
    Files.move(draft, spool().resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  boolean hasSaidAll() {
    try (var left = Files.list(spool())) {
      return left.findAny().isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What its program was run with, in order. */
  List<JsonNode> runs() {
    var log = folder.resolve("count.log");
    try {
      return Files.exists(log)
          ? Files.readAllLines(log).stream()
              // Killed before it said what is to be done.
              .filter(line -> !line.isEmpty())
              .map(JSON::readTree)
              .toList()
          : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A file of its state folder, that need not be there. */
  Path state(String name) {
    return bundlePath().resolve("state").resolve(name);
  }

  /** What it was flashed with. */
  Bundle bundle() {
    return new Bundle(String.valueOf(folder.getFileName()), bundlePath());
  }

  private Path bundlePath() {
    return folder.resolve("bundle");
  }

  private Path spool() {
    return folder.resolve("spool");
  }

  @Override
  public void close() {
    if (program != null) {
      program.close();
    }
  }

  @Override
  public String toString() {
    return String.valueOf(program);
  }
}
