package io.sallyport.control.commands;

import io.sallyport.control.messaging.Postbox;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.schedule.Rounds;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.identity.command.CommandId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends signed commands, and sends them again until they are answered or expire. A device that gets
 * one twice answers twice and does it once.
 */
public final class Courier implements AutoCloseable {
  /** Bound: how often a command is sent by itself; a device that reconnects gets it once more. */
  static final int ATTEMPTS_MAX = 20;

  /** Bound: commands that are sent in one round. */
  static final int ROUND_MAX = 500;

  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration FIRST_AGAIN = Duration.ofSeconds(5);
  private static final Duration AGAIN_MAX = Duration.ofMinutes(10);
  // How long what has ended is kept, for whoever asks what became of it; the ledger keeps it
  // longer.
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  private final Database database;
  private final Postbox postbox;
  private final InstantSource clock;
  private final Rounds timer = new Rounds("commands");

  Courier(Database database, Postbox postbox, InstantSource clock) {
    this.database = database;
    this.postbox = postbox;
    this.clock = clock;
  }

  /**
   * Begins to send what is due.
   *
   * @param leading whether this process does it for all that share the database
   */
  void begin(BooleanSupplier leading) {
    timer.every(
        EVERY,
        EVERY,
        "sending commands",
        () -> {
          if (leading.getAsBoolean()) {
            round();
          }
        });
  }

  /** Expires what is over, and sends what is due. */
  void round() {
    var now = clock.instant();
    carry(
        database.write(
            handle -> {
              CommandTable.expire(handle, now);
              CommandTable.forget(handle, now.minus(KEPT));
              return CommandTable.due(handle, now, ROUND_MAX);
            }));
  }

  /** Sends these on the courier's own time. */
  void carryLater(List<CommandRecord> commands) {
    if (commands.isEmpty()) {
      return;
    }
    timer.soon("sending commands", () -> carry(commands));
  }

  /** Sends these, those of them that nobody else sends at this moment. */
  void carry(List<CommandRecord> commands) {
    for (var command : commands) {
      if (command.envelope() != null
          && database.write(
              handle -> CommandTable.take(handle, command, nextDue(command, clock.instant())))) {
        post(command);
      }
    }
  }

  private void post(CommandRecord command) {
    // Whichever of the two topics a device listens on; on both, it takes the command once.
    for (var publication : publications(command)) {
      // A failure is told by the next attempt.
      var _ =
          postbox
              .post(publication)
              .whenComplete(
                  (_, failure) -> {
                    if (failure == null) {
                      delivered(command.id());
                    } else {
                      LOG.atDebug()
                          .setMessage("a command stays here for now")
                          .addKeyValue("command", command.id())
                          .addKeyValue("why", reason(failure))
                          .log();
                    }
                  });
    }
  }

  private static String reason(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : null;
    return String.valueOf((cause == null ? failure : cause).getMessage());
  }

  private void delivered(CommandId id) {
    try {
      database.change(handle -> CommandTable.delivered(handle, id, clock.instant()));
    } catch (StoreUnavailable e) {
      LOG.atWarn().setMessage("a delivery was not recorded").setCause(e).log();
    }
  }

  /** The messages of one command: the same envelope, under both names of its topic. */
  static List<Publication> publications(CommandRecord command) {
    var envelope = HexFormat.of().parseHex(String.valueOf(command.envelope()));
    return List.of(
        new Publication("devices/" + command.device() + "/commands", envelope),
        new Publication(
            "$aws/commands/things/"
                + command.device()
                + "/executions/"
                + command.id()
                + "/request/cbor",
            envelope));
  }

  private static Instant nextDue(CommandRecord command, Instant now) {
    if (command.attempts() + 1 >= ATTEMPTS_MAX) {
      // Never by itself: the device's return, or the end of its time.
      return command.expiresAt();
    }
    var pause = FIRST_AGAIN.multipliedBy(1L << Math.min(command.attempts(), 8));
    return now.plus(pause.compareTo(AGAIN_MAX) > 0 ? AGAIN_MAX : pause);
  }

  @Override
  public void close() {
    timer.close();
  }
}
