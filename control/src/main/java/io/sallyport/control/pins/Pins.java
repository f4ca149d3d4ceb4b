package io.sallyport.control.pins;

import io.sallyport.control.enforcement.ServerPins;
import io.sallyport.control.enforcement.ServerPins.Present;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The pins that devices have, for every gateway of a registry. */
public final class Pins {
  /** Bound: bundles that one call may speak of. */
  public static final int BUNDLES_MAX = 1_000_000;

  private final Database database;
  private final InstantSource clock;

  /** There are as many sets as can be; somebody has to retire some. */
  public static final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMany() {
      super("there are " + PinTable.SETS_MAX + " pin sets already: retire those of no device");
    }
  }

  /** The pins of this registry. */
  public Pins(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** What devices have, and until when it holds. */
  public PinCalendar calendar(ServerPins server) {
    return new PinCalendar(server.present(), database.read(PinTable::all), clock.instant());
  }

  /**
   * Notes that so many bundles get what the server can show now; before they are written, so that
   * no device knows a set that the registry does not.
   */
  public PinCalendar handOut(ServerPins server, int bundles, String actor) {
    var present = server.present();
    database.change(handle -> handOut(handle, present, bundles, actor));
    return calendar(server);
  }

  private void handOut(Handle handle, Present present, int bundles, String actor) {
    LedgerStore.lock(handle);
    var pins = PinSet.of(present);
    var id = PinSet.id(pins);
    if (PinTable.count(handle, id, pins, bundles, clock.instant())) {
      if (PinTable.all(handle).size() > PinTable.SETS_MAX) {
        throw new TooMany();
      }
      var shown =
          pins.stream()
              .map(pin -> pin.use().word() + ":" + pin.key().pin())
              .collect(Collectors.joining(" "));
      tell(handle, EventType.PINS_DEPLOYED, actor, id, Map.of("pins", shown));
    }
  }

  /** Forgets a set because no device has it any more; false if there is none of that id. */
  public boolean retire(String id, String actor) {
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          if (!PinTable.remove(handle, id)) {
            return false;
          }
          tell(handle, EventType.PINS_RETIRED, actor, id, Map.of());
          return true;
        });
  }

  /**
   * Why a server must not show itself with this path, the leaf's key first: devices would refuse
   * it.
   */
  public Optional<String> objection(List<PublicKeyHash> path) {
    return objection(database.read(PinTable::all), path);
  }

  static Optional<String> objection(List<PinSet> deployed, List<PublicKeyHash> path) {
    if (deployed.isEmpty()) {
      return Optional.empty();
    }
    var leaf = path.getFirst();
    if (deployed.stream().noneMatch(set -> set.knows(leaf))) {
      return Optional.of(
          "no device was told of the key "
              + leaf.pin()
              + ": no deployed pin set has it ("
              + deployed.stream().map(PinSet::id).collect(Collectors.joining(", "))
              + ")");
    }
    return deployed.stream()
        .filter(set -> !set.admits(path))
        .map(
            set ->
                "the devices with pin set "
                    + set.id()
                    + ", of "
                    + set.bundles()
                    + " bundles, know no key of this certificate's path")
        .findFirst();
  }

  private void tell(
      Handle handle, EventType type, String actor, String set, Map<String, String> facts) {
    LedgerStore.append(handle, SecurityEvent.of(clock.instant(), type, actor, set, facts));
  }
}
