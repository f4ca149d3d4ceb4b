package io.sallyport.agent.command;

import io.sallyport.agent.state.StateDirectory;
import io.sallyport.agent.state.StateUnavailable;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.CommandId;
import io.sallyport.identity.command.Receipt;
import io.sallyport.identity.command.Refusal;
import io.sallyport.identity.command.ReplayWindow;
import io.sallyport.identity.command.WindowStore;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What was obeyed, in two files: windows, without which nothing is obeyed, and answers. */
final class CommandFile implements WindowStore {
  private static final Logger LOG = LoggerFactory.getLogger(CommandFile.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String WINDOWS = "command-windows.json";
  private static final String ANSWERS = "command-answers.json";
  // Bound: answers that can be given again; the oldest goes first.
  private static final int ANSWERS_MAX = 32;

  private final StateDirectory state;

  CommandFile(StateDirectory state) {
    this.state = state;
  }

  @Override
  public ReplayWindow window(PublicKeyHash signer) throws IOException {
    try {
      var one = windows().path(signer.hex());
      return one.isMissingNode()
          ? ReplayWindow.empty(ReplayWindow.SIZE)
          : new ReplayWindow(
              one.path("top").asLong(),
              Long.parseUnsignedLong(one.path("map").asString(), 16),
              one.path("size").asInt());
    } catch (RuntimeException e) {
      throw new IOException(WINDOWS + " is not what this agent wrote", e);
    }
  }

  @Override
  public void remember(PublicKeyHash signer, ReplayWindow window) throws IOException {
    try {
      var all = windows();
      all.putObject(signer.hex())
          .put("top", window.top())
          .put("map", Long.toHexString(window.map()))
          .put("size", window.size());
      state.write(WINDOWS, JSON.writeValueAsBytes(all));
    } catch (RuntimeException e) {
      throw new IOException(WINDOWS + " could not be written", e);
    }
  }

  private ObjectNode windows() {
    return state
        .read(WINDOWS)
        .map(bytes -> (ObjectNode) JSON.readTree(bytes))
        .orElseGet(JSON::createObjectNode);
  }

  @Override
  public Optional<Receipt> answered(CommandId command) {
    return Optional.ofNullable(answers().get(command.hex())).flatMap(CommandFile::receipt);
  }

  @Override
  public void keep(Receipt receipt) {
    try {
      var all = answers();
      var id = receipt.command().hex();
      all.remove(id);
      while (all.size() >= ANSWERS_MAX) {
        all.remove(all.propertyNames().iterator().next());
      }
      all.set(id, json(receipt));
      state.write(ANSWERS, JSON.writeValueAsBytes(all));
    } catch (StateUnavailable e) {
      // The command was done; only the same answer cannot be given twice.
      LOG.atWarn().setCause(e).log("an answer to a command is not kept");
    }
  }

  private ObjectNode answers() {
    try {
      return state
          .read(ANSWERS)
          .map(bytes -> (ObjectNode) JSON.readTree(bytes))
          .orElseGet(JSON::createObjectNode);
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("answers to commands cannot be read");
      return JSON.createObjectNode();
    }
  }

  private static ObjectNode json(Receipt receipt) {
    var json = JSON.createObjectNode();
    json.put("command", receipt.command().hex());
    json.put("device", receipt.device().value()).put("sequence", receipt.sequence());
    json.put("result", receipt.result().name()).put("detail", receipt.detail());
    if (receipt.refusal() != null) {
      json.put("refusal", receipt.refusal().word());
    }
    if (receipt.stateHash() != null) {
      json.put("stateHash", receipt.stateHash());
    }
    if (receipt.at() != null) {
      json.put("at", receipt.at().getEpochSecond());
    }
    return json;
  }

  private static Optional<Receipt> receipt(JsonNode json) {
    try {
      return Optional.of(
          new Receipt(
              new CommandId(json.path("command").asString()),
              new PrincipalId(json.path("device").asString()),
              json.path("sequence").asLong(),
              Receipt.Result.valueOf(json.path("result").asString()),
              json.has("refusal")
                  ? Refusal.ofWord(json.path("refusal").asString()).orElseThrow()
                  : null,
              json.has("stateHash") ? json.path("stateHash").asString() : null,
              json.path("detail").asString(),
              json.has("at") ? Instant.ofEpochSecond(json.path("at").asLong()) : null));
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("an answer to a command cannot be read");
      return Optional.empty();
    }
  }
}
