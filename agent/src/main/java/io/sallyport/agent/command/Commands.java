package io.sallyport.agent.command;

import io.sallyport.agent.bundle.Identity;
import io.sallyport.agent.duty.Duty;
import io.sallyport.agent.duty.Line;
import io.sallyport.agent.mqtt.Delivery;
import io.sallyport.agent.state.StateDirectory;
import io.sallyport.agent.state.StateUnavailable;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.command.AllowList;
import io.sallyport.identity.command.Channel;
import io.sallyport.identity.command.Command;
import io.sallyport.identity.command.CommandDispatcher;
import io.sallyport.identity.command.CommandHandler;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.CommandRule;
import io.sallyport.identity.command.CommandVerifier;
import io.sallyport.identity.command.Freshness;
import io.sallyport.identity.command.Keyring;
import io.sallyport.identity.command.Receipt;
import io.sallyport.identity.command.Refusal;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signed commands on {@code devices/<id>/commands}. A command is acknowledged to the server after
 * it was done and its receipt was sent; if the device ends in between, the server sends it again,
 * and the replay window, which was on disk before anything was done, answers instead of doing it
 * twice.
 */
public final class Commands implements Duty {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
  // How far a server's clock may be ahead of the device's.
  private static final Duration SKEW = Duration.ofMinutes(5);

  /**
   * Who may command this device.
   *
   * @param tenant the installation, as commands are signed with
   * @param allowed keys, and what each may order
   * @param following the keys of the bundle, if others may come after them; null if {@code allowed}
   *     is all there is
   */
  public record Authority(String tenant, AllowList allowed, @Nullable Following following) {
    /** These keys and no others. */
    public Authority(String tenant, AllowList allowed) {
      this(tenant, allowed, null);
    }

    /** The keys of a bundle, and those that they introduce. */
    public Authority(String tenant, Following following) {
      this(tenant, following.keys().allowed(following.rules()), following);
    }
  }

  /**
   * Keys that introduce those after them.
   *
   * @param rules of the commands that this device can do
   */
  public record Following(Keyring keys, Map<CommandName, CommandRule> rules) {
    /** Copies the rules. */
    public Following {
      rules = Map.copyOf(rules);
    }
  }

  // How often a device asks for keys that it has not: when somebody unknown commands, and anyhow.
  private static final Duration ASK_UNKNOWN = Duration.ofSeconds(5);
  private static final Duration ASK_ANYHOW = Duration.ofHours(1);

  private final PrincipalId self;
  private final Authority authority;
  private final CommandFile file;
  private final @Nullable KeyringFile ringFile;
  private final Supplier<Identity> identity;
  private final InstantSource clock;
  private final Executor worker;
  private final Map<String, CommandHandler> handlers = new ConcurrentHashMap<>();
  private volatile @Nullable Line line;
  // Of the worker, as the two below.
  private CommandDispatcher dispatcher;
  private @Nullable Keyring ring;
  private Instant asked = Instant.EPOCH;

  /**
   * The commands of that device.
   *
   * @param identity with which receipts are signed: that of the connection
   * @param worker does one thing after the other, and may take its time
   */
  public Commands(
      PrincipalId self,
      Authority authority,
      StateDirectory state,
      Supplier<Identity> identity,
      InstantSource clock,
      Executor worker) {
    this.self = self;
    this.authority = authority;
    this.identity = identity;
    this.clock = clock;
    this.worker = worker;
    this.file = new CommandFile(state);
    var following = authority.following();
    this.ringFile = following == null ? null : new KeyringFile(state, following.keys());
    this.ring = ringFile == null ? null : ringFile.read();
    this.dispatcher = dispatcher();
  }

  private CommandDispatcher dispatcher() {
    var following = authority.following();
    var allowed =
        following == null || ring == null ? authority.allowed() : ring.allowed(following.rules());
    return new CommandDispatcher(
        new CommandVerifier(self, authority.tenant(), allowed), file, this::execute);
  }

  /** Does commands of that name, if a signer may give them. */
  public void handle(String name, CommandHandler handler) {
    handlers.put(name, handler);
  }

  private CommandHandler.Done execute(Command command) {
    var handler = handlers.get(command.name().value());
    return handler == null
        ? new CommandHandler.Done(false, "this device does not know " + command.name(), null)
        : handler.execute(command);
  }

  @Override
  public List<String> filters() {
    return List.of(topic());
  }

  private String topic() {
    return "devices/" + self + "/commands";
  }

  @Override
  public void connected(Line connected) {
    line = connected;
    worker.execute(() -> ask(Duration.ZERO));
  }

  @Override
  public void disconnected() {
    line = null;
  }

  @Override
  public boolean take(Delivery delivery) {
    if (!delivery.topic().equals(topic())) {
      return false;
    }
    worker.execute(
        () -> {
          obey(delivery.payload());
          delivery.acknowledge().run();
        });
    return true;
  }

  /** Says which key it knows as the newest; who knows newer ones answers with them. */
  private void ask(Duration since) {
    var now = clock.instant();
    var way = line;
    if (ring == null || way == null || Duration.between(asked, now).abs().compareTo(since) < 0) {
      return;
    }
    asked = now;
    var newest = HexFormat.of().parseHex(ring.newest().id().hex());
    var _ = way.publish(topic() + "/challenge", newest);
  }

  /** A key after the newest is believed once that is on disk. */
  private void hear(Keyring known, KeyringFile kept, byte[] message) {
    try {
      var heard = known.hear(message, authority.tenant());
      if (heard.isPresent()) {
        kept.write(heard.get());
        ring = heard.get();
        dispatcher = dispatcher();
        LOG.atInfo().addKeyValue("newest", ring.newest().id()).log("command keys");
      }
    } catch (Keyring.Refused e) {
      LOG.atWarn().addKeyValue("detail", e.getMessage()).log("a command key is not believed");
      if (e.isUnknownSigner()) {
        ask(ASK_UNKNOWN);
      }
    } catch (StateUnavailable e) {
      LOG.atWarn().setCause(e).log("a command key is not believed: it cannot be kept");
    }
  }

  private void obey(byte[] message) {
    if (ring != null && ringFile != null && Keyring.isIntroduction(message)) {
      hear(ring, ringFile, message);
      return;
    }
    var freshness = new Freshness.Clock(clock.instant(), SKEW);
    switch (dispatcher.take(message, Channel.COMMANDS, freshness)) {
      case CommandDispatcher.Outcome.Answer answer -> {
        var receipt = answer.receipt();
        LOG.atInfo()
            .addKeyValue("command", receipt.command())
            .addKeyValue("result", receipt.result())
            .addKeyValue("detail", receipt.detail())
            .log("command");
        send(receipt);
        ask(ASK_ANYHOW);
      }
      case CommandDispatcher.Outcome.Silence silence -> {
        LOG.atWarn()
            .addKeyValue("because", silence.because())
            .addKeyValue("detail", silence.detail())
            .log("what came as a command is none");
        if (silence.because() == Refusal.UNKNOWN_KEY) {
          ask(ASK_UNKNOWN);
        }
      }
    }
  }

  private void send(Receipt receipt) {
    var way = line;
    if (way == null) {
      return;
    }
    var own = identity.get();
    try {
      var fingerprint = Fingerprint.ofDer(own.certificate().getEncoded());
      var signed = receipt.sign(authority.tenant(), fingerprint, own.receiptKey());
      var _ = way.publish(topic() + "/receipts", signed);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate in use has bytes", e);
    }
  }
}
