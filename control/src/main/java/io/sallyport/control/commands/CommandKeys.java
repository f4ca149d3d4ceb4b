package io.sallyport.control.commands;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.command.EnvelopeKey;
import io.sallyport.identity.command.Keyring;
import io.sallyport.identity.issuance.EnvelopeKeys;
import io.sallyport.identity.issuance.IssuanceUnavailable;
import io.sallyport.identity.issuance.KeyHome;
import io.sallyport.identity.issuance.Seal;
import io.sallyport.identity.issuance.SealBroken;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign commands, and nothing else, sealed in the registry or in a token. There are
 * always two of use: the one that signs, and the one that will after it; devices are given both, so
 * that a rotation finds every device prepared. A key that was retired signs no more but the
 * introduction of the one after it, to a device that has missed it.
 */
public final class CommandKeys implements AutoCloseable {
  /**
   * One key.
   *
   * @param generation which one of the installation it is, from 1
   */
  public record Key(
      PublicKeyHash id,
      long generation,
      String publicKey,
      String standing,
      Instant madeAt,
      Instant changedAt) {}

  /** There is nothing to sign with here. */
  public static final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message);
    }
  }

  /**
   * What signs now.
   *
   * @param id its name in envelopes
   */
  record Active(PublicKeyHash id, EnvelopeKey key) {}

  // Bound: keys of which a device hears at once; of more when it asks again.
  private static final int INTRODUCTIONS_MAX = 64;
  private static final String COLUMNS = "id, number, public_key, standing, made_at, changed_at";

  private final Database database;
  private final InstantSource clock;
  private final Map<String, EnvelopeKey> opened = new ConcurrentHashMap<>();
  private final Map<String, byte[]> introductions = new ConcurrentHashMap<>();
  private volatile @Nullable Supplier<Seal> source;
  private volatile @Nullable KeyHome home;
  private @Nullable Seal seal;

  CommandKeys(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * From now on keys can be made and opened.
   *
   * @param seals asked for once it is needed
   * @param tokens where keys are made, if not under the seal; null for nowhere else
   */
  void sealWith(Supplier<Seal> seals, @Nullable KeyHome tokens) {
    home = tokens;
    source = seals;
  }

  private synchronized Seal seal() {
    if (seal == null) {
      var from = source;
      if (from == null) {
        throw new Unavailable("command keys are sealed, and this process has no seal");
      }
      seal = from.get();
    }
    return seal;
  }

  /** Every key, the newest first; made here if there are none. */
  public List<Key> list() {
    ready();
    return database.read(CommandKeys::all);
  }

  /** The keys that a device is to know: the one that signs, and the one after it. */
  public List<Key> forDevices() {
    return list().stream().filter(key -> !key.standing().equals("retired")).toList();
  }

  /** Makes keys where there are none, and opens what signs. */
  void ready() {
    var none = database.read(handle -> all(handle).isEmpty());
    if (none) {
      keep(
          List.of(make(), make()),
          (handle, made) -> {
            if (all(handle).isEmpty()) {
              insert(handle, made.get(0), "active", "sallyport");
              insert(handle, made.get(1), "next", "sallyport");
            }
          });
    }
  }

  private EnvelopeKeys.Made make() {
    try {
      return EnvelopeKeys.make(seal(), home);
    } catch (IssuanceUnavailable e) {
      throw new Unavailable("no command key can be made: " + e.getMessage());
    }
  }

  /** Writes new keys; what the registry did not take, nobody is to have. */
  private void keep(
      List<EnvelopeKeys.Made> made, BiConsumer<Handle, List<EnvelopeKeys.Made>> write) {
    try {
      database.change(
          handle -> {
            LedgerStore.lock(handle);
            write.accept(handle, made);
          });
    } finally {
      var kept = database.read(CommandKeys::all).stream().map(Key::id).toList();
      made.stream()
          .filter(one -> !kept.contains(one.id()))
          .forEach(one -> EnvelopeKeys.forget(one, home));
    }
  }

  /** The key after the active one signs from now on, and another is made to come after it. */
  public List<Key> rotate(String actor) {
    ready();
    keep(
        List.of(make()),
        (handle, made) -> {
          var now = clock.instant();
          stand(handle, "active", "retired", now);
          stand(handle, "next", "active", now);
          insert(handle, made.getFirst(), "next", actor);
          var active = all(handle).stream().filter(key -> key.standing().equals("active"));
          tell(handle, EventType.COMMAND_KEY_ROTATED, actor, active.findFirst().orElseThrow().id());
        });
    return database.read(CommandKeys::all);
  }

  /** What signs, in a transaction that no rotation comes into. */
  Active active(Handle handle) {
    var row =
        handle
            .createQuery("select id, sealed from command_key where standing = 'active'")
            .map((found, _) -> Map.entry(found.getString(1), found.getString(2)))
            .one();
    return new Active(new PublicKeyHash(row.getKey()), open(row.getKey(), row.getValue()));
  }

  private EnvelopeKey open(String id, String sealed) {
    var key = opened.get(id);
    if (key == null) {
      try {
        key = EnvelopeKeys.open(seal(), home, sealed);
      } catch (SealBroken | IssuanceUnavailable e) {
        throw new Unavailable("the command key cannot be opened: " + e.getMessage());
      }
      opened.put(id, key);
    }
    return key;
  }

  /**
   * What each key after one that a device knows is introduced by, the older first: that device has
   * missed them. The last thing that a key signs which is retired: which key comes after it was
   * decided before.
   */
  List<byte[]> introductions(Handle handle, PublicKeyHash known, String tenant) {
    var keys =
        handle
            .createQuery(
                "select id, number, public_key, sealed from command_key where number >= (select"
                    + " number from command_key where id = :id) order by number limit :most")
            .bind("id", known.hex())
            .bind("most", INTRODUCTIONS_MAX + 1)
            .map(
                (row, _) ->
                    new Introducer(
                        new PublicKeyHash(row.getString("id")),
                        row.getLong("number"),
                        row.getString("public_key"),
                        row.getString("sealed")))
            .list();
    return IntStream.range(1, keys.size())
        .mapToObj(i -> introduction(keys.get(i - 1), keys.get(i), tenant))
        .toList();
  }

  private record Introducer(PublicKeyHash id, long number, String publicKey, String sealed) {}

  /** Signed once: each device hears the same. */
  private byte[] introduction(Introducer by, Introducer next, String tenant) {
    var made = introductions.get(next.id().hex());
    if (made == null) {
      var key = EnvelopeKeys.publicKey(next.publicKey());
      try {
        var signer = open(by.id().hex(), by.sealed());
        made = Keyring.introduce(next.number(), key, tenant, by.id(), signer);
      } catch (IssuanceUnavailable e) {
        throw new Unavailable("a command key does not sign: " + e.getMessage());
      }
      introductions.put(next.id().hex(), made);
    }
    return made;
  }

  private void insert(Handle handle, EnvelopeKeys.Made made, String standing, String actor) {
    handle
        .createUpdate(
            "insert into command_key (id, number, public_key, sealed, standing, made_at,"
                + " changed_at) values (:id, (select coalesce(max(number), 0) + 1 from"
                + " command_key), :public, :sealed, :standing, :now, :now)")
        .bind("id", made.id().hex())
        .bind("public", made.publicKeyPem())
        .bind("sealed", made.sealed())
        .bind("standing", standing)
        .bind("now", clock.millis())
        .execute();
    tell(handle, EventType.COMMAND_KEY_MADE, actor, made.id());
  }

  private static void stand(Handle handle, String from, String to, Instant now) {
    handle
        .createUpdate(
            "update command_key set standing = :to, changed_at = :now where standing = :from")
        .bind("to", to)
        .bind("from", from)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  private void tell(Handle handle, EventType type, String actor, PublicKeyHash key) {
    LedgerStore.append(handle, SecurityEvent.of(clock.instant(), type, actor, key.hex(), Map.of()));
  }

  private static List<Key> all(Handle handle) {
    return handle
        .createQuery("select " + COLUMNS + " from command_key order by number desc")
        .map(
            (row, _) ->
                new Key(
                    new PublicKeyHash(row.getString("id")),
                    row.getLong("number"),
                    row.getString("public_key"),
                    row.getString("standing"),
                    Instant.ofEpochMilli(row.getLong("made_at")),
                    Instant.ofEpochMilli(row.getLong("changed_at"))))
        .list();
  }

  @Override
  public synchronized void close() {
    opened.clear();
    if (seal != null) {
      seal.close();
      seal = null;
    }
  }
}
