package io.sallyport.agent.credentials;

import io.sallyport.identity.rotation.device.Ask;
import io.sallyport.identity.rotation.device.DeviceRotation;
import io.sallyport.identity.rotation.device.Keyring;
import io.sallyport.identity.rotation.device.RotationStage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a device remembers of its rotation, as JSON. */
final class RotationFile {
  private static final JsonMapper JSON = new JsonMapper();

  private RotationFile() {}

  static byte[] write(DeviceRotation state) {
    var json = JSON.createObjectNode();
    var held = json.putArray("held");
    state.keys().newestFirst().forEach(held::add);
    json.put("working", state.keys().working()).put("next", state.next());
    state.done().ifPresent(ask -> json.set("done", ask(ask)));
    var stage = json.putObject("stage");
    switch (state.stage()) {
      case RotationStage.Idle _ -> stage.put("is", "idle");
      case RotationStage.Making making -> {
        stage.put("is", "making").put("generation", making.generation());
        making.ask().ifPresent(ask -> stage.set("ask", ask(ask)));
      }
      case RotationStage.Requesting requesting -> {
        stage.put("is", "requesting").put("generation", requesting.generation());
        requesting.ask().ifPresent(ask -> stage.set("ask", ask(ask)));
      }
      case RotationStage.Trying trying -> {
        stage.put("is", "trying");
        trying.next().ifPresent(ask -> stage.set("ask", ask(ask)));
      }
      case RotationStage.Proven _ -> stage.put("is", "proven");
    }
    return JSON.writeValueAsBytes(json);
  }

  private static ObjectNode ask(Ask ask) {
    return JSON.createObjectNode()
        .put("nonce", ask.nonce())
        .put("asked", ask.asked().toString())
        .put("rotateBy", ask.rotateBy().toString());
  }

  /** Refuses, with a runtime exception, what {@link #write} did not write. */
  static DeviceRotation read(byte[] file) {
    var json = JSON.readTree(file);
    var held = new ArrayList<Long>();
    json.path("held").forEach(one -> held.add(one.asLong()));
    return new DeviceRotation(
        new Keyring(held, json.path("working").asLong()),
        stage(json.path("stage")),
        json.path("next").asLong(),
        ask(json.path("done")));
  }

  private static RotationStage stage(JsonNode json) {
    var ask = ask(json.path("ask"));
    var generation = json.path("generation").asLong(0);
    return switch (json.path("is").asString("")) {
      case "idle" -> new RotationStage.Idle();
      case "making" -> new RotationStage.Making(ask, generation);
      case "requesting" -> new RotationStage.Requesting(ask, generation);
      case "trying" -> new RotationStage.Trying(ask);
      case "proven" -> new RotationStage.Proven();
      default -> throw new IllegalArgumentException("no stage of a rotation: " + json);
    };
  }

  private static Optional<Ask> ask(JsonNode json) {
    return json.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new Ask(
                json.path("nonce").asString(),
                Instant.parse(json.path("asked").asString()),
                Instant.parse(json.path("rotateBy").asString())));
  }
}
