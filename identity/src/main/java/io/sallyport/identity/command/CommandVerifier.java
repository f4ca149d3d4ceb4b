package io.sallyport.identity.command;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.Verdict.Accepted;
import io.sallyport.identity.command.Verdict.Refused;
import io.sallyport.identity.cose.CoseAlgorithm;
import io.sallyport.identity.cose.MalformedCbor;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides on one device whether a message is a command that it must obey. Nothing is remembered
 * here, and nothing done.
 */
public final class CommandVerifier {
  /** Bound: bytes of an envelope. */
  public static final int LENGTH_MAX = Envelope.LENGTH_MAX;

  private final PrincipalId self;
  private final byte[] besides;
  private final AllowList allowed;

  /**
   * The verifier of one device.
   *
   * @param tenant the installation that the device belongs to, as its commands are signed with
   */
  public CommandVerifier(PrincipalId self, String tenant, AllowList allowed) {
    this.self = self;
    this.besides = Envelope.besides(Envelope.Type.COMMAND, self, tenant);
    this.allowed = allowed;
  }

  /**
   * Decides.
   *
   * @param windows the window of each signer
   */
  public Verdict decide(
      byte[] message,
      Channel channel,
      Freshness freshness,
      Function<PublicKeyHash, ReplayWindow> windows) {
    Envelope envelope;
    Command command;
    try {
      envelope = Envelope.read(message, Envelope.Type.COMMAND);
      command = Command.of(envelope.payload());
    } catch (Envelope.Unfit e) {
      return no(e.refusal(), String.valueOf(e.getMessage()));
    } catch (MalformedCbor e) {
      return no(Refusal.MALFORMED, String.valueOf(e.getMessage()));
    }
    if (envelope.algorithm() != CoseAlgorithm.ES256.label()) {
      return no(Refusal.ALGORITHM, "the algorithm is not ES256");
    }
    var signer = allowed.signer(envelope.keyIdHex());
    if (signer == null) {
      return no(Refusal.UNKNOWN_KEY, "no command key has the id " + envelope.keyIdHex());
    }
    // Looked at now as the signature costs most of all; told only where it is good.
    var complaint = rights(signer, command.name(), channel);
    if (!envelope.isSignedBy(CoseAlgorithm.ES256, signer.key(), besides)) {
      return complaint.orElseGet(
          () -> no(Refusal.BAD_SIGNATURE, "the key did not sign this for this device"));
    }
    if (!command.device().equals(self)) {
      return no(Refusal.OTHER_DEVICE, "it is for " + command.device());
    }
    if (complaint.isPresent()) {
      return signed(complaint.get(), command);
    }
    var late = time(command, freshness);
    if (late.isPresent()) {
      return signed(late.get(), command);
    }
    // It is there: there was no complaint about it.
    var rule = Objects.requireNonNull(signer.commands().get(command.name()));
    var key = PublicKeyHash.of(signer.key());
    var window = windows.apply(key);
    var repeated = sequence(command, window, rule.strict() || command.name().isUnlocking());
    if (repeated.isPresent()) {
      return signed(repeated.get(), command);
    }
    return rule.complaint(command)
        .<Verdict>map(text -> signed(no(Refusal.ARGUMENTS, text), command))
        .orElseGet(() -> new Accepted(command, key, window.mark(command.sequence())));
  }

  private static Optional<Refused> rights(
      AllowList.Signer signer, CommandName name, Channel channel) {
    if (name.equals(CommandName.FLASH_FIRMWARE) && channel != Channel.LOCAL) {
      return Optional.of(
          no(Refusal.FORBIDDEN, "firmware comes as a signed image, never by a command"));
    }
    var rule = signer.commands().get(name);
    if (rule == null || !rule.channels().contains(channel)) {
      return Optional.of(
          no(Refusal.NOT_ALLOWED, "the signer may not give " + name + " by this channel"));
    }
    return Optional.empty();
  }

  private static Optional<Refused> time(Command command, Freshness freshness) {
    return switch (freshness) {
      case Freshness.Clock clock -> {
        if (command.challenge() != null) {
          yield Optional.of(no(Refusal.CHALLENGE, "it answers a challenge that was not made"));
        }
        if (!command.expires().isAfter(clock.now())) {
          yield Optional.of(no(Refusal.EXPIRED, "it was to be done until " + command.expires()));
        }
        yield clock.now().isAfter(command.issued().minus(clock.skew()))
            ? Optional.empty()
            : Optional.of(no(Refusal.NOT_YET_VALID, "it holds from " + command.issued()));
      }
      case Freshness.Challenged challenged ->
          challenged.outstanding() != null && challenged.outstanding().equals(command.challenge())
              ? Optional.empty()
              : Optional.of(no(Refusal.CHALLENGE, "it does not answer this device's challenge"));
    };
  }

  private static Optional<Refused> sequence(Command command, ReplayWindow window, boolean strict) {
    long number = command.sequence();
    return switch (window.check(number)) {
      case RANGE -> Optional.of(no(Refusal.SEQUENCE_RANGE, "there is no number " + number));
      case OLD -> Optional.of(no(Refusal.SEQUENCE_OLD, number + " is far behind " + window.top()));
      case TAKEN -> Optional.of(no(Refusal.REPLAYED, number + " came before"));
      case FRESH ->
          strict && number < window.top()
              ? Optional.of(no(Refusal.OUT_OF_ORDER, number + " is behind " + window.top()))
              : Optional.empty();
    };
  }

  private static Refused no(Refusal because, String detail) {
    return new Refused(because, detail, Optional.empty());
  }

  private static Refused signed(Refused refused, Command command) {
    return new Refused(refused.because(), refused.detail(), Optional.of(command));
  }
}
