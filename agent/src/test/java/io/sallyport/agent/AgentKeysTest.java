package io.sallyport.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.bundle.Bundle;
import io.sallyport.agent.command.Commands;
import io.sallyport.agent.state.StateUnavailable;
import io.sallyport.agent.state.Sync;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.Channel;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.CommandRule;
import io.sallyport.identity.command.Keyring;
import io.sallyport.identity.issuance.EnvelopeKeys;
import io.sallyport.identity.issuance.KeyPairs;
import java.nio.file.Files;
import java.security.KeyPair;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Whom a device obeys as its bundle says, and whom after that. */
class AgentKeysTest extends AgentStage {
  private final KeyPair first = KeyPairs.p256();
  private final KeyPair second = KeyPairs.p256();
  private final KeyPair third = KeyPairs.p256();
  private final AtomicInteger done = new AtomicInteger();

  private void trust(long generation, KeyPair... keys) throws Exception {
    var json = JSON.createObjectNode().put("tenant", "sallyport");
    var signers = json.putArray("signers");
    for (var pair : keys) {
      var key = pair.getPublic();
      var signer = signers.addObject().put("id", PublicKeyHash.of(key).hex());
      signer.put("generation", generation + signers.size() - 1);
      signer.put("key", Base64.getEncoder().encodeToString(key.getEncoded()));
      signer.putArray("commands").add("blink");
    }
    Files.writeString(bundle("").resolve("command-keys.json"), JSON.writeValueAsString(json));
  }

  private Settings obedient() throws Exception {
    var read = Bundle.read(folder.resolve("bundle"), null);
    var trust = Objects.requireNonNull(read.commands());
    var rule = new CommandRule(Set.of(Channel.COMMANDS), false, Map.of(), Map.of());
    var following = new Commands.Following(trust.keys(), Map.of(new CommandName("blink"), rule));
    return Settings.of(read, folder.resolve("state"))
        .with(Sync.PROCESS)
        .with(QUICK)
        .with(new Commands.Authority(trust.tenant(), following));
  }

  private void startObedient() throws Exception {
    var made = make(obedient());
    obeying(made, done).start();
    await(() -> status(made).connected() && asked() > 0);
  }

  private void restart() throws Exception {
    Objects.requireNonNull(agent).close();
    agent = null;
    server().published().clear();
    startObedient();
  }

  private long asked() {
    return server().published().stream()
        .filter(one -> one.startsWith("devices/d-1/commands/challenge "))
        .count();
  }

  private static byte[] introduction(long generation, KeyPair key, KeyPair by) {
    return Keyring.introduce(
        generation,
        key.getPublic(),
        "sallyport",
        PublicKeyHash.of(by.getPublic()),
        EnvelopeKeys.of(by));
  }

  /** Sent one after the other: once the last is done, so is what came before. */
  private void obeys(KeyPair by, long sequence) throws Exception {
    var before = done.get();
    command(signed(by, "blink", sequence));
    await(() -> done.get() == before + 1);
  }

  @Test
  void hearsOfTheNextKeyFromTheLastAndForgetsTheOneBefore() throws Exception {
    trust(1, first, second);
    startObedient();
    obeys(first, 1);
    command(signed(third, "blink", 1));
    command(introduction(3, third, first));
    command(introduction(2, third, first));
    command(introduction(3, third, third));
    command(signed(third, "blink", 2));
    obeys(second, 1);

    command(introduction(3, third, second));
    obeys(third, 3);
    command(signed(first, "blink", 2));
    command(introduction(2, second, first));
    obeys(third, 4);

    restart();
    command(signed(first, "blink", 3));
    obeys(second, 2);
    obeys(third, 5);
    assertThat(done).hasValue(6);
  }

  @Test
  void anotherBundleBeginsAnew() throws Exception {
    trust(1, first, second);
    startObedient();
    command(introduction(3, third, second));
    obeys(third, 1);
    trust(1, KeyPairs.p256(), first);
    restart();
    command(signed(third, "blink", 2));
    obeys(first, 9);
    assertThat(done).hasValue(2);
  }

  @Test
  void obeysNobodyWhenItCannotReadWhomItCameToBelieve() throws Exception {
    trust(1, first, second);
    startObedient();
    command(introduction(3, third, second));
    obeys(third, 1);
    Objects.requireNonNull(agent).close();
    agent = null;
    Files.writeString(folder.resolve("state/command-keyring.json"), "{");
    var settings = obedient();
    Assertions.assertThatThrownBy(() -> make(settings))
        .isInstanceOf(StateUnavailable.class)
        .hasMessageContaining("command-keyring.json");
  }

  @Test
  void refusesABundleThatDoesNotSayWhoMayCommand() throws Exception {
    var made = bundle("");
    for (var wrong :
        new String[] {
          "{",
          "{\"tenant\":\"sallyport\",\"signers\":[]}",
          "{\"tenant\":\"sallyport\",\"signers\":[{\"key\":\"AAAA\"}]}"
        }) {
      Files.writeString(made.resolve("command-keys.json"), wrong);
      refused(made, "command-keys.json does not say");
    }
    trust(1, first);
    var file = made.resolve("command-keys.json");
    var good = Files.readString(file);
    Files.writeString(file, good.replace("blink", "flash-firmware"));
    refused(made, "never a command from afar");
    Files.writeString(file, good.replace("\"id\":\"", "\"id\":\"0"));
    refused(made, "not the one of its id");
    Files.writeString(file, good.replace("tenant", "tenants"));
    refused(made, "tenant");
  }
}
