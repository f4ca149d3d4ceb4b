package io.sallyport.control.commands;

import io.sallyport.control.messaging.Postbox;
import io.sallyport.control.messaging.TopicService;
import io.sallyport.control.store.Database;
import io.sallyport.identity.issuance.KeyHome;
import io.sallyport.identity.issuance.Seal;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Everything about commands, put together. */
public final class CommandService implements AutoCloseable {
  private final CommandKeys keys;
  private final Courier courier;
  private final Commands commands;
  private final CommandDesk desk;

  /** The commands of a registry, sent by a postbox. */
  public CommandService(
      Database database,
      CommandSettings settings,
      Postbox postbox,
      RandomGenerator random,
      InstantSource clock) {
    keys = new CommandKeys(database, clock);
    courier = new Courier(database, postbox, clock);
    commands = new Commands(database, settings, keys, courier, random, clock);
    desk = new CommandDesk(commands);
  }

  /** From now on commands can be signed, by keys under a seal that is asked for once. */
  public void sealWith(Supplier<Seal> seals) {
    sealWith(seals, null);
  }

  /**
   * The same.
   *
   * @param home where keys are made, if not under the seal
   */
  public void sealWith(Supplier<Seal> seals, @Nullable KeyHome home) {
    keys.sealWith(seals, home);
  }

  /** Begins to send again what was not answered, where this process leads. */
  public void begin(BooleanSupplier leading) {
    courier.begin(leading);
  }

  /** Sends what is due now. */
  public void round() {
    courier.round();
  }

  /** What operators do. */
  public Commands commands() {
    return commands;
  }

  /** What devices say. */
  public TopicService desk() {
    return desk;
  }

  @Override
  public void close() {
    courier.close();
    keys.close();
  }
}
