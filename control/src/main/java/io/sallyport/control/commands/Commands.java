package io.sallyport.control.commands;

import io.sallyport.control.commands.CommandAnswer.Refused;
import io.sallyport.control.commands.CommandAnswer.Why;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.revocation.Ending;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import io.sallyport.identity.command.Challenge;
import io.sallyport.identity.command.Command;
import io.sallyport.identity.command.CommandId;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.command.ReplayWindow;
import io.sallyport.identity.command.SignedCommand;
import io.sallyport.identity.cose.CborValue;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Signed commands to devices. A command gets its number, and is signed, in the transaction that
 * records it: so no number is given twice, whatever crashes, and several controls keep one order
 * for each device.
 */
public final class Commands implements Ending {
  /**
   * Bound: commands of one device that wait for an answer; half of what a replay window holds, so
   * that none of them falls out of it.
   */
  public static final int OPEN_MAX = ReplayWindow.SIZE / 2;

  /** Bound: devices of one command to a group. */
  public static final int GROUP_MAX = 5_000;

  /** The reason of commands that ended with their device. */
  static final String REVOKED = "revoked";

  private final Database database;
  private final CommandSettings settings;
  private final CommandKeys keys;
  private final Courier courier;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final ReceiptCounters receipts = new ReceiptCounters();

  /** The commands of a registry. */
  Commands(
      Database database,
      CommandSettings settings,
      CommandKeys keys,
      Courier courier,
      RandomGenerator random,
      InstantSource clock) {
    this.database = database;
    this.settings = settings;
    this.keys = keys;
    this.courier = courier;
    this.random = random;
    this.clock = clock;
  }

  /**
   * What is to be done.
   *
   * @param lifetime how long it holds; null for the usual time
   */
  public record Wish(
      String name, Map<String, JsonNode> arguments, @Nullable Duration lifetime, String actor) {}

  private record Order(
      CommandName name,
      Map<String, CborValue> values,
      String written,
      Instant issued,
      Instant expires,
      String actor) {}

  /** Signs a command for one device and sends it. */
  public CommandAnswer send(PrincipalId device, Wish wish) {
    var id = newId();
    try {
      var order = order(wish);
      keys.ready();
      var answer = database.write(handle -> send(handle, device, id, order));
      return answer instanceof CommandAnswer.Shown(var sent) ? shown(sent) : answer;
    } catch (Arguments.Malformed | IllegalArgumentException e) {
      return new Refused(Why.MALFORMED, "malformed-command", String.valueOf(e.getMessage()));
    } catch (CommandKeys.Unavailable | IssuanceUnavailable e) {
      return unavailable(e);
    }
  }

  /** Counts what devices answer. */
  ReceiptCounters receipts() {
    return receipts;
  }

  private CommandAnswer shown(CommandRecord sent) {
    courier.carry(List.of(sent));
    return new CommandAnswer.Shown(
        database.read(handle -> CommandTable.find(handle, sent.id())).orElse(sent));
  }

  private static Refused unavailable(RuntimeException e) {
    return new Refused(Why.UNAVAILABLE, "command-key-unavailable", String.valueOf(e.getMessage()));
  }

  private CommandAnswer send(Handle handle, PrincipalId device, CommandId id, Order order) {
    LedgerStore.lock(handle);
    var standing = Principals.standing(handle, PrincipalKind.DEVICE, device);
    if (standing.isEmpty()) {
      return new Refused(Why.UNKNOWN, "device-unknown", "no device '" + device + "'");
    }
    if (standing.get() != Standing.ACTIVE) {
      return new Refused(
          Why.CONFLICT,
          "device-not-active",
          device + " is " + standing.get().name().toLowerCase(java.util.Locale.ROOT));
    }
    if (CommandTable.countOpen(handle, device) >= OPEN_MAX) {
      return new Refused(
          Why.CONFLICT,
          "too-many-commands",
          OPEN_MAX + " commands of " + device + " wait for an answer: cancel some, or wait");
    }
    var command = insert(handle, device, id, order, null, null);
    tell(
        handle,
        EventType.COMMAND_SENT,
        order.actor(),
        device.value(),
        Map.of("command", id.hex(), "name", order.name().value()));
    return new CommandAnswer.Shown(command);
  }

  /** Signs a command for each active device of a group, and sends them. */
  public CommandAnswer sendToGroup(String group, Wish wish) {
    var groupCommand = newId().hex();
    try {
      var order = order(wish);
      keys.ready();
      var sent = new ArrayList<CommandRecord>();
      var answer =
          database.write(
              handle -> {
                sent.clear();
                return sendToGroup(handle, group, groupCommand, order, sent);
              });
      courier.carryLater(sent);
      return answer;
    } catch (Arguments.Malformed | IllegalArgumentException e) {
      return new Refused(Why.MALFORMED, "malformed-command", String.valueOf(e.getMessage()));
    } catch (CommandKeys.Unavailable | IssuanceUnavailable e) {
      return unavailable(e);
    }
  }

  private CommandAnswer sendToGroup(
      Handle handle, String group, String groupCommand, Order order, List<CommandRecord> sent) {
    LedgerStore.lock(handle);
    if (!GroupTable.exists(handle, group)) {
      return new Refused(Why.UNKNOWN, "group-unknown", "no group '" + group + "'");
    }
    var members = GroupTable.members(handle, group, "", GROUP_MAX + 1);
    if (members.size() > GROUP_MAX) {
      return new Refused(
          Why.CONFLICT, "group-too-large", "a command goes to at most " + GROUP_MAX + " devices");
    }
    var passedOver = new ArrayList<String>();
    for (var member : members) {
      var device = new PrincipalId(member);
      var active =
          Principals.standing(handle, PrincipalKind.DEVICE, device)
              .equals(Optional.of(Standing.ACTIVE));
      if (!active || CommandTable.countOpen(handle, device) >= OPEN_MAX) {
        passedOver.add(member);
        continue;
      }
      sent.add(insert(handle, device, newId(), order, groupCommand, group));
    }
    if (sent.isEmpty()) {
      return new Refused(
          Why.CONFLICT,
          "no-active-device",
          "no device of group '" + group + "' can take a command");
    }
    tell(
        handle,
        EventType.COMMAND_SENT,
        order.actor(),
        "group " + group,
        Map.of(
            "group-command", groupCommand,
            "name", order.name().value(),
            "devices", String.valueOf(sent.size())));
    return new CommandAnswer.SentToGroup(groupCommand, group, sent.size(), passedOver);
  }

  private Order order(Wish wish) throws Arguments.Malformed {
    var lifetime = wish.lifetime() == null ? settings.lifetime() : wish.lifetime();
    if (lifetime.compareTo(Duration.ofSeconds(1)) < 0
        || lifetime.compareTo(settings.lifetimeMax()) > 0) {
      throw new IllegalArgumentException(
          "a command holds for 1 s to "
              + settings.lifetimeMax().toSeconds()
              + " s (commands.expires-max), not "
              + lifetime.toSeconds()
              + " s");
    }
    var name = new CommandName(wish.name());
    if (name.equals(CommandName.FLASH_FIRMWARE)) {
      throw new IllegalArgumentException(
          name + " is no command: devices refuse it whoever signs it; firmware is a signed image");
    }
    var issued = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return new Order(
        name,
        Arguments.values(wish.arguments()),
        Arguments.written(wish.arguments()),
        issued,
        issued.plusSeconds(lifetime.toSeconds()),
        wish.actor());
  }

  private CommandRecord insert(
      Handle handle,
      PrincipalId device,
      CommandId id,
      Order order,
      @Nullable String groupCommand,
      @Nullable String group) {
    var unsigned =
        new CommandRecord(
            id,
            CommandTable.nextNumber(handle),
            groupCommand,
            group,
            device,
            order.name().value(),
            order.written(),
            CommandStatus.PENDING,
            "",
            "",
            "none",
            null,
            null,
            null,
            null,
            order.issued(),
            order.expires(),
            null,
            null,
            order.actor(),
            clock.instant(),
            0);
    var command = unsigned;
    if (!CommandTable.isChallenging(handle, device)) {
      command = signed(handle, unsigned, order.values(), null);
    } else {
      var challenge = CommandTable.useChallenge(handle, device);
      if (challenge.isPresent()) {
        command = signed(handle, unsigned, order.values(), challenge.get());
      }
    }
    CommandTable.insert(handle, command);
    return command;
  }

  /** A device without a clock asked: what waits longest is signed for it, once and for all. */
  Optional<CommandRecord> challenged(
      Handle handle, PrincipalId device, Challenge challenge, Instant now) {
    LedgerStore.lock(handle);
    CommandTable.challenge(handle, device, challenge, now);
    var waiting = CommandTable.unsigned(handle, device, now);
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    CommandTable.useChallenge(handle, device);
    var values = Arguments.values(waiting.get().arguments());
    var signed = signed(handle, waiting.get(), values, challenge);
    return CommandTable.sign(handle, signed) ? Optional.of(signed) : Optional.empty();
  }

  private CommandRecord signed(
      Handle handle,
      CommandRecord command,
      Map<String, CborValue> values,
      @Nullable Challenge challenge) {
    var active = keys.active(handle);
    long sequence = CommandTable.nextSequence(handle, active.id(), command.device());
    long epoch = CommandTable.epoch(handle);
    var envelope =
        SignedCommand.sign(
            new Command(
                command.id(),
                command.device(),
                sequence,
                command.issuedAt(),
                command.expiresAt(),
                new CommandName(command.name()),
                values,
                epoch,
                challenge),
            settings.tenant(),
            active.id(),
            active.key());
    return new CommandRecord(
        command.id(),
        command.number(),
        command.groupCommand(),
        command.groupName(),
        command.device(),
        command.name(),
        command.arguments(),
        command.status(),
        command.reason(),
        command.detail(),
        command.proof(),
        null,
        active.id().hex(),
        sequence,
        epoch,
        command.issuedAt(),
        command.expiresAt(),
        HexFormat.of().formatHex(envelope),
        null,
        command.actor(),
        command.changedAt(),
        command.attempts());
  }

  /** Takes back a command that was not answered; the device may have done it already. */
  public CommandAnswer cancel(CommandId id, String actor) {
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          var found = CommandTable.find(handle, id);
          if (found.isEmpty()) {
            return unknown(id);
          }
          var now = clock.instant();
          if (!CommandTable.cancel(handle, id, "operator", now)) {
            return new Refused(
                Why.CONFLICT, "command-ended", "the command is " + found.get().status().word());
          }
          var facts = Map.of("command", id.hex(), "name", found.get().name());
          tell(handle, EventType.COMMAND_CANCELLED, actor, found.get().device().value(), facts);
          return new CommandAnswer.Shown(CommandTable.find(handle, id).orElseThrow());
        });
  }

  /** One command. */
  public CommandAnswer show(CommandId id) {
    return database
        .read(handle -> CommandTable.find(handle, id))
        .<CommandAnswer>map(CommandAnswer.Shown::new)
        .orElseGet(() -> unknown(id));
  }

  private static Refused unknown(CommandId id) {
    return new Refused(Why.UNKNOWN, "command-unknown", "no command '" + id + "'");
  }

  /** Commands, the newest first, of one device, one group command or one status. */
  public List<CommandRecord> page(
      @Nullable String device,
      @Nullable String groupCommand,
      @Nullable CommandStatus status,
      long before,
      int limit) {
    return database.read(
        handle ->
            CommandTable.page(
                handle,
                device,
                groupCommand,
                status == null ? null : status.word(),
                before,
                limit));
  }

  /** How many commands have which status; null for all, or of one command to a group. */
  public Map<CommandStatus, Long> count(@Nullable String groupCommand) {
    var counts = new TreeMap<CommandStatus, Long>();
    var known = database.read(handle -> CommandTable.count(handle, groupCommand));
    for (var status : CommandStatus.values()) {
      counts.put(status, known.getOrDefault(status.word(), 0L));
    }
    return counts;
  }

  /** The keys. */
  public CommandKeys keys() {
    return keys;
  }

  /** What the devices' key of this installation is called besides. */
  public String tenant() {
    return settings.tenant();
  }

  @Override
  public String what() {
    return "commands";
  }

  @Override
  public void end(Handle handle, PrincipalId device, Instant now) {
    CommandTable.cancelAll(handle, device, REVOKED, now);
  }

  @Override
  public long ended(Handle handle, PrincipalId device, Instant at) {
    return CommandTable.countCancelled(handle, device, REVOKED, at);
  }

  private CommandId newId() {
    var bytes = new byte[CommandId.BYTES];
    random.nextBytes(bytes);
    return CommandId.of(bytes);
  }

  private void tell(
      Handle handle, EventType type, String actor, String subject, Map<String, String> facts) {
    LedgerStore.append(handle, SecurityEvent.of(clock.instant(), type, actor, subject, facts));
  }
}
