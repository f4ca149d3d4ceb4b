package io.sallyport.control.commands;

import io.sallyport.control.Desk;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.AllowList;
import io.sallyport.identity.command.ArgumentRule;
import io.sallyport.identity.command.Challenge;
import io.sallyport.identity.command.Channel;
import io.sallyport.identity.command.Command;
import io.sallyport.identity.command.CommandDispatcher;
import io.sallyport.identity.command.CommandDispatcher.Outcome;
import io.sallyport.identity.command.CommandHandler;
import io.sallyport.identity.command.CommandId;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.CommandRule;
import io.sallyport.identity.command.CommandVerifier;
import io.sallyport.identity.command.EnvelopeKey;
import io.sallyport.identity.command.Freshness;
import io.sallyport.identity.command.Receipt;
import io.sallyport.identity.command.ReplayWindow;
import io.sallyport.identity.command.WindowStore;
import io.sallyport.identity.issuance.DeviceKeys;
import io.sallyport.identity.issuance.EnvelopeKeys;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An enrolled device with the real verifier and dispatcher, and a memory for its windows. */
final class Appliance implements CommandHandler, WindowStore {
  final List<Command> done = new ArrayList<>();
  private final Desk desk;
  private final PrincipalId id;
  private final EnvelopeKey key;
  private final Fingerprint certificate;
  private final CommandDispatcher dispatcher;
  private final Map<PublicKeyHash, ReplayWindow> windows = new HashMap<>();
  private final Map<CommandId, Receipt> answers = new HashMap<>();

  private Appliance(Desk desk, PrincipalId id, EnvelopeKey key, Fingerprint certificate) {
    this.desk = desk;
    this.id = id;
    this.key = key;
    this.certificate = certificate;
    var signers =
        desk.control.commands().commands().keys().forDevices().stream()
            .map(one -> new AllowList.Signer(publicKey(one.publicKey()), rules()))
            .toList();
    dispatcher =
        new CommandDispatcher(
            new CommandVerifier(id, "sallyport", new AllowList(signers)), this, this);
  }

  static Appliance enrolled(Desk desk, String name) throws Exception {
    var id = new PrincipalId(name);
    try (var keys = DeviceKeys.generate(PrincipalKind.DEVICE, id)) {
      var reply = desk.admin.post("/api/v1/devices", Desk.enrolment(name, keys.requestPem()));
      if (reply.status() != 201) {
        throw new IllegalStateException(reply.toString());
      }
      var pem = new String(keys.privateKeyPem(), StandardCharsets.US_ASCII);
      var secret =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(Pem.decode(pem, "PRIVATE KEY")));
      var record = desk.api().principals();
      var certificates =
          desk.database.read(handle -> record.find(handle, id)).orElseThrow().activeCertificates();
      return new Appliance(
          desk,
          id,
          EnvelopeKeys.of(new KeyPair(keys.publicKey(), secret)),
          certificates.iterator().next());
    }
  }

  private static PublicKey publicKey(String pem) {
    try {
      return KeyFactory.getInstance("EC")
          .generatePublic(new X509EncodedKeySpec(Pem.decode(pem, "PUBLIC KEY")));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<CommandName, CommandRule> rules() {
    var any = new ArgumentRule.Anything();
    var rule =
        new CommandRule(
            Set.of(Channel.COMMANDS, Channel.AWS_COMMANDS),
            false,
            Map.of(),
            Map.of("delay", any, "force", any, "text", any, "list", any));
    return Map.of(new CommandName("reboot"), rule, new CommandName("unlock"), rule);
  }

  Outcome take(byte[] envelope) {
    var clock = new Freshness.Clock(desk.clock.instant(), Duration.ofSeconds(60));
    return dispatcher.take(envelope, Channel.COMMANDS, clock);
  }

  Outcome take(byte[] envelope, @Nullable Challenge outstanding) {
    return dispatcher.take(envelope, Channel.COMMANDS, new Freshness.Challenged(outstanding));
  }

  byte[] sign(Receipt receipt) {
    return receipt.sign("sallyport", certificate, key);
  }

  /** Signed with this device's transport key, as somebody who has no other would. */
  EnvelopeKey key() {
    return key;
  }

  Fingerprint certificate() {
    return certificate;
  }

  PrincipalId id() {
    return id;
  }

  @Override
  public Done execute(Command command) {
    done.add(command);
    return new Done(true, "", "ab".repeat(32));
  }

  @Override
  public ReplayWindow window(PublicKeyHash signer) {
    return windows.getOrDefault(signer, ReplayWindow.empty(ReplayWindow.SIZE));
  }

  @Override
  public void remember(PublicKeyHash signer, ReplayWindow window) {
    windows.put(signer, window);
  }

  @Override
  public Optional<Receipt> answered(CommandId command) {
    return Optional.ofNullable(answers.get(command));
  }

  @Override
  public void keep(Receipt receipt) {
    answers.put(receipt.command(), receipt);
  }
}
