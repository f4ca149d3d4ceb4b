package io.sallyport.control.enrolment.manufacturer;

import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.SeenKeys;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Lets the device with a serial number in, once.
 *
 * @param serial its row; one of the same content is made for an open manufacturer
 * @param initialKey the key of its manufacturer's certificate, which never becomes its own
 */
public record SerialWarrant(
    ManufacturerRecord manufacturer, SerialRecord serial, PublicKeyHash initialKey)
    implements Warrant {
  @Override
  public List<String> groups() {
    var group = serial.group();
    return group == null ? List.of() : List.of(group);
  }

  @Override
  public Optional<Enrolment.Refused> spend(
      Handle handle, PrincipalId id, PublicKeyHash key, Instant now) {
    // Before any row is locked, so that two of them never wait for each other.
    LedgerStore.lock(handle);
    var present = ManufacturerTable.find(handle, manufacturer.name());
    if (present.isEmpty() || !present.get().fingerprint().equals(manufacturer.fingerprint())) {
      return refused(id, "manufacturer-unknown", "the manufacturer was removed");
    }
    if (!SeenKeys.claim(handle, initialKey, PrincipalKind.DEVICE, id, now)) {
      return refused(id, "key-seen", "the manufacturer's key of this device was seen elsewhere");
    }
    var before = SerialTable.find(handle, manufacturer.name(), serial.serial());
    if (before.isEmpty()) {
      if (!present.get().isOpen()) {
        return refused(id, "serial-unlisted", "the serial number is not listed");
      }
      SerialTable.insert(handle, manufacturer.name(), serial, now);
      ManufacturerTable.counted(handle, manufacturer.name(), 1, 0);
    }
    if (!SerialTable.spend(handle, manufacturer.name(), serial.serial(), key, now)) {
      return refused(id, "serial-spent", "the serial number was used already, or is revoked");
    }
    if (before.isEmpty() || before.get().state() == SerialRecord.State.OPEN) {
      ManufacturerTable.counted(handle, manufacturer.name(), 0, 1);
      LedgerStore.append(handle, used(id, key, now));
    }
    return Optional.empty();
  }

  private SecurityEvent used(PrincipalId id, PublicKeyHash key, Instant now) {
    return SecurityEvent.of(
        now,
        EventType.MANUFACTURER_SERIAL_USED,
        "manufacturer " + manufacturer.name(),
        id.value(),
        Map.of("serial", serial.serial(), "key", key.hex()));
  }

  private static Optional<Enrolment.Refused> refused(PrincipalId id, String reason, String detail) {
    return Optional.of(
        new Enrolment.Refused(id.value(), Enrolment.Why.UNACCEPTABLE, reason, detail));
  }
}
