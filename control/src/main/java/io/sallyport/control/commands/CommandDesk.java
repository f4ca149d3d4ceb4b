package io.sallyport.control.commands;

import io.sallyport.control.commands.CommandTable.Said;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.messaging.TopicService;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Principals;
import io.sallyport.identity.CertificateStatus;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.Standing;
import io.sallyport.identity.command.Challenge;
import io.sallyport.identity.command.CommandId;
import io.sallyport.identity.command.Receipt;
import io.sallyport.identity.command.Refusal;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What devices send about commands: receipts, challenges, and that they are there again. */
public final class CommandDesk implements TopicService {
  private static final String CONNECTED = "$aws/events/presence/connected/";
  private static final String DEVICES = "devices/";
  private static final String RECEIPTS = "/commands/receipts";
  private static final String CHALLENGE = "/commands/challenge";
  private static final String COMMANDS = "/commands";
  // SHA-256, where a challenge has 16 bytes: policies of old allow this topic.
  private static final int KEY_ID_BYTES = 32;

  // A device that sends nonsense fills no ledger: one event for each in this time.
  private static final Duration TELL_EVERY = Duration.ofMinutes(1);
  private static final int TOLD_MAX = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(CommandDesk.class);

  private final Commands commands;
  private final AwsCommands aws = new AwsCommands();
  private final Map<PrincipalId, Instant> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PrincipalId, Instant> eldest) {
          return size() > TOLD_MAX;
        }
      };

  CommandDesk(Commands commands) {
    this.commands = commands;
  }

  @Override
  public String name() {
    return "commands";
  }

  @Override
  public List<String> filters() {
    return List.of(
        DEVICES + "+" + RECEIPTS, DEVICES + "+" + CHALLENGE, AwsCommands.FILTER, CONNECTED + "+");
  }

  @Override
  public List<Publication> answer(Handle handle, Request request) {
    var topic = request.topic();
    if (topic.startsWith(CONNECTED)) {
      return device(topic.substring(CONNECTED.length()))
          .map(device -> returned(handle, device, request.at()))
          .orElse(List.of());
    }
    if (topic.startsWith(AwsCommands.PREFIX)) {
      return aws.answer(handle, request);
    }
    var receipt = between(topic, RECEIPTS);
    if (receipt.isPresent()) {
      receipt(handle, receipt.get(), request);
      return List.of();
    }
    return between(topic, CHALLENGE)
        .map(device -> challenge(handle, device, request))
        .orElse(List.of());
  }

  @Override
  public List<Publication> refusal(Request request, Trouble trouble) {
    return request.topic().startsWith(AwsCommands.PREFIX)
        ? aws.refusal(request, trouble)
        : List.of();
  }

  private static Optional<PrincipalId> between(String topic, String end) {
    return topic.startsWith(DEVICES) && topic.endsWith(end)
        ? device(topic.substring(DEVICES.length(), topic.length() - end.length()))
        : Optional.empty();
  }

  private static Optional<PrincipalId> device(String text) {
    return PrincipalId.isValid(text) ? Optional.of(new PrincipalId(text)) : Optional.empty();
  }

  private static boolean isActive(Handle handle, PrincipalId device) {
    return Principals.standing(handle, PrincipalKind.DEVICE, device)
        .equals(Optional.of(Standing.ACTIVE));
  }

  /** It gets everything that it did not answer; what it has, it will know. */
  private static List<Publication> returned(Handle handle, PrincipalId device, Instant now) {
    if (!isActive(handle, device)) {
      return List.of();
    }
    return CommandTable.hasten(handle, device, now).stream()
        .map(command -> Courier.publications(command).getFirst())
        .toList();
  }

  private List<Publication> challenge(Handle handle, PrincipalId device, Request request) {
    if (!isActive(handle, device)) {
      return List.of();
    }
    try {
      if (request.payload().length == KEY_ID_BYTES) {
        return introductions(handle, device, request.payload());
      }
      if (request.payload().length != Challenge.BYTES) {
        return List.of();
      }
      return commands
          .challenged(handle, device, Challenge.of(request.payload()), request.at())
          .map(Courier::publications)
          .orElse(List.of());
    } catch (CommandKeys.Unavailable e) {
      LOG.atWarn().setMessage("a device waits for a command key").setCause(e).log();
      return List.of();
    }
  }

  /** A device says which command key it knows as the newest, and hears of those after it. */
  private List<Publication> introductions(Handle handle, PrincipalId device, byte[] known) {
    var id = new PublicKeyHash(HexFormat.of().formatHex(known));
    return commands.keys().introductions(handle, id, commands.tenant()).stream()
        .map(message -> new Publication(DEVICES + device + COMMANDS, message))
        .toList();
  }

  private void receipt(Handle handle, PrincipalId device, Request request) {
    try {
      var receipt =
          Receipt.verify(
              request.payload(), device, commands.tenant(), print -> key(handle, device, print));
      var command = CommandTable.find(handle, receipt.command());
      if (command.isEmpty()
          || !command.get().device().equals(device)
          || !Long.valueOf(receipt.sequence()).equals(command.get().sequence())) {
        refuse(handle, device, "it is for a command that the device was not sent", request.at());
        return;
      }
      commands.receipts().believed(receipt.result());
      keep(handle, receipt, request);
    } catch (Receipt.Refused e) {
      refuse(handle, device, String.valueOf(e.getMessage()), request.at());
    }
  }

  private static void keep(Handle handle, Receipt receipt, Request request) {
    var refusal = receipt.refusal();
    var said =
        new Said(
            receipt.command(),
            receipt.device(),
            status(receipt.result()),
            refusal == null
                ? receipt.result() == Receipt.Result.UNKNOWN ? "unknown" : ""
                : refusal.word(),
            receipt.detail(),
            "device-key",
            receipt.stateHash(),
            HexFormat.of().formatHex(request.payload()));
    if (!CommandTable.answer(handle, said, request.at())) {
      return;
    }
    var facts = new TreeMap<String, String>();
    facts.put("command", receipt.command().hex());
    facts.put("result", said.status().word());
    if (!said.reason().isEmpty()) {
      facts.put("reason", said.reason());
    }
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            request.at(),
            EventType.COMMAND_ANSWERED,
            receipt.device().value(),
            receipt.device().value(),
            facts));
  }

  private static CommandStatus status(Receipt.Result result) {
    return switch (result) {
      case EXECUTED -> CommandStatus.EXECUTED;
      case FAILED, UNKNOWN -> CommandStatus.FAILED;
      case REFUSED -> CommandStatus.REFUSED;
    };
  }

  private static Optional<PublicKey> key(Handle handle, PrincipalId device, Fingerprint print) {
    return Certificates.of(handle, PrincipalKind.DEVICE, device).stream()
        .filter(one -> one.status() == CertificateStatus.ACTIVE)
        .filter(one -> one.fingerprint().equals(print))
        .map(one -> publicKey(one.pem()))
        .findFirst();
  }

  private static PublicKey publicKey(String pem) {
    try {
      return Pem.certificate(pem).getPublicKey();
    } catch (MalformedPem e) {
      throw new IllegalStateException("the registry holds certificates", e);
    }
  }

  private void refuse(Handle handle, PrincipalId device, String why, Instant now) {
    commands.receipts().disbelieved();
    synchronized (told) {
      var last = told.get(device);
      if (last != null && now.isBefore(last.plus(TELL_EVERY))) {
        return;
      }
      told.put(device, now);
    }
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            now,
            EventType.COMMAND_RECEIPT_REFUSED,
            device.value(),
            device.value(),
            Map.of("why", why)));
  }

  /** The id in a topic or a document, if it can be one. */
  static Optional<CommandId> id(String text) {
    return CommandId.isValid(text) ? Optional.of(new CommandId(text)) : Optional.empty();
  }

  /** The word of a device's reason, or nothing that it made up. */
  static String reason(String word) {
    return Refusal.ofWord(word).map(Refusal::word).orElse("device");
  }
}
