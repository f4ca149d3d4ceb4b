package io.sallyport.control.pins;

import io.sallyport.control.enforcement.ServerPins.PinnedKey;
import io.sallyport.control.enforcement.ServerPins.Present;
import io.sallyport.identity.PublicKeyHash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Until when the server can show the keys that devices hold on to.
 *
 * @param present what can be shown now or later
 * @param deployed what devices were told
 */
public record PinCalendar(Present present, List<PinSet> deployed, Instant now) {
  public PinCalendar {
    deployed = List.copyOf(deployed);
  }

  /** When a key can no longer be served; empty if it cannot even now. */
  public Optional<Instant> servableUntil(PublicKeyHash key) {
    return present.keys().stream()
        .filter(known -> known.key().equals(key))
        .map(PinnedKey::servableUntil)
        .filter(end -> end.isAfter(now))
        .max(Comparator.naturalOrder());
  }

  /** When devices with that set lock this installation out; empty if they do now. */
  public Optional<Instant> servableUntil(PinSet set) {
    return set.pins().stream()
        .flatMap(pin -> servableUntil(pin.key()).stream())
        .max(Comparator.naturalOrder());
  }

  /** The first end of a key that a device holds on to, or would if it were flashed now. */
  public Optional<Instant> firstEnd() {
    var now = PinSet.of(present).stream();
    var before = deployed.stream().flatMap(set -> set.pins().stream());
    return (deployed.isEmpty() ? now : before)
        .flatMap(pin -> servableUntil(pin.key()).stream())
        .min(Comparator.naturalOrder());
  }

  /** One sentence for everything that somebody has to see to. */
  public List<String> warnings() {
    var warnings = new ArrayList<String>();
    var shown = shown();
    for (var set : deployed) {
      if (servableUntil(set).isEmpty()) {
        warnings.add(
            "no key of pin set "
                + set.id()
                + " can be served any more: its devices, of "
                + set.bundles()
                + " bundles, refuse this server");
      } else if (!shown.isEmpty() && !set.admits(shown)) {
        warnings.add(
            "the devices of pin set " + set.id() + " refuse the certificate that is shown now");
      } else {
        set.pins().forEach(pin -> ending(set, pin).ifPresent(warnings::add));
      }
    }
    return List.copyOf(warnings);
  }

  /** The keys of the path that devices see at this moment. */
  private List<PublicKeyHash> shown() {
    return present.keys().stream()
        .filter(key -> key.certificateUntil() != null)
        .map(PinnedKey::key)
        .toList();
  }

  private Optional<String> ending(PinSet set, PinSet.Pin pin) {
    return servableUntil(pin.key())
        .filter(end -> !end.isAfter(now.plus(present.warnBefore())))
        .map(
            end ->
                "the "
                    + pin.use().word()
                    + " key "
                    + pin.key().pin()
                    + " of pin set "
                    + set.id()
                    + " can be served until "
                    + end
                    + " only: bring new bundles to its devices before");
  }
}
