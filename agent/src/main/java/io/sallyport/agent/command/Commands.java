package io.sallyport.agent.command;

import io.sallyport.agent.bundle.Identity;
import io.sallyport.agent.duty.Duty;
import io.sallyport.agent.duty.Line;
import io.sallyport.agent.mqtt.Delivery;
import io.sallyport.agent.state.StateDirectory;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.command.AllowList;
import io.sallyport.identity.command.Channel;
import io.sallyport.identity.command.Command;
import io.sallyport.identity.command.CommandDispatcher;
import io.sallyport.identity.command.CommandHandler;
import io.sallyport.identity.command.CommandVerifier;
import io.sallyport.identity.command.Freshness;
import io.sallyport.identity.command.Receipt;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.InstantSource;
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
   */
  public record Authority(String tenant, AllowList allowed) {}

  private final PrincipalId self;
  private final Authority authority;
  private final CommandDispatcher dispatcher;
  private final Supplier<Identity> identity;
  private final InstantSource clock;
  private final Executor worker;
  private final Map<String, CommandHandler> handlers = new ConcurrentHashMap<>();
  private volatile @Nullable Line line;

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
    var verifier = new CommandVerifier(self, authority.tenant(), authority.allowed());
    this.dispatcher = new CommandDispatcher(verifier, new CommandFile(state), this::execute);
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

  private void obey(byte[] message) {
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
      }
      case CommandDispatcher.Outcome.Silence silence ->
          LOG.atWarn()
              .addKeyValue("because", silence.because())
              .addKeyValue("detail", silence.detail())
              .log("what came as a command is none");
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
