package io.sallyport.control.attestation;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.attestation.AttestationKey;
import io.sallyport.identity.attestation.EvidenceFormat;
import io.sallyport.identity.attestation.Measurement;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose evidence counts and what may be measured (RFC 9334: endorsements and reference values).
 * What is taken away counts no more from the next evidence on; what was attested before counts
 * until it is too old.
 */
public final class Endorsements {
  /** Bound: reference values; all are read for each piece of evidence. */
  public static final int APPROVED_MAX = 10_000;

  /** Bound: characters of a note. */
  public static final int NOTE_MAX = 256;

  private final Database database;
  private final Principals principals;
  private final InstantSource clock;

  /** Those of one registry. */
  public Endorsements(Database database, Principals principals, InstantSource clock) {
    this.database = database;
    this.principals = principals;
    this.clock = clock;
  }

  /** Whether something changed, or why it could not. */
  public enum Outcome {
    DONE,
    /** It was as asked for before. */
    UNCHANGED,
    UNKNOWN_DEVICE,
    FULL
  }

  /**
   * Registers a key; refuses, with {@link IllegalArgumentException}, one that cannot verify.
   *
   * @param device whose it is; null for DICE
   */
  public Outcome addKey(
      EvidenceFormat format, @Nullable PrincipalId device, String pem, String actor) {
    var key = VerificationKeys.of(pem);
    var checked = new AttestationKey(format, key, device);
    var hash = PublicKeyHash.of(key);
    var now = clock.instant();
    return database.write(
        handle -> {
          var whose = checked.device();
          if (whose != null && principals.find(handle, whose).isEmpty()) {
            return Outcome.UNKNOWN_DEVICE;
          }
          var row = new RegisteredKey(hash, format, whose, pem, now, actor);
          if (!AttestationTables.addKey(handle, row)) {
            return Outcome.UNCHANGED;
          }
          LedgerStore.append(
              handle,
              SecurityEvent.of(
                  now,
                  EventType.ATTESTATION_KEY_ADDED,
                  actor,
                  whose == null ? format.word() : whose.value(),
                  Map.of("key", hash.hex(), "format", format.word())));
          return Outcome.DONE;
        });
  }

  /** Takes a key away. */
  public Outcome removeKey(PublicKeyHash hash, String actor) {
    var now = clock.instant();
    return database.write(
        handle -> {
          if (!AttestationTables.removeKey(handle, hash)) {
            return Outcome.UNCHANGED;
          }
          LedgerStore.append(
              handle,
              SecurityEvent.of(
                  now, EventType.ATTESTATION_KEY_REMOVED, actor, hash.hex(), Map.of()));
          return Outcome.DONE;
        });
  }

  /** So many keys after a hash, which may be empty. */
  public List<RegisteredKey> keys(String after, int limit) {
    return database.read(handle -> AttestationTables.keys(handle, after, limit));
  }

  /** Approves a measurement. */
  public Outcome approve(Measurement measurement, String note, String actor) {
    if (note.length() > NOTE_MAX) {
      throw new IllegalArgumentException("a note has at most " + NOTE_MAX + " characters");
    }
    var now = clock.instant();
    return database.write(
        handle -> {
          if (AttestationTables.approvedCount(handle) >= APPROVED_MAX) {
            return Outcome.FULL;
          }
          var value = new ReferenceValue(measurement, note, now, actor);
          if (!AttestationTables.approve(handle, value)) {
            return Outcome.UNCHANGED;
          }
          LedgerStore.append(
              handle,
              SecurityEvent.of(
                  now,
                  EventType.REFERENCE_VALUE_ADDED,
                  actor,
                  measurement.toString(),
                  Map.of("note", note)));
          return Outcome.DONE;
        });
  }

  /** Approves a measurement no more. */
  public Outcome withdraw(Measurement measurement, String actor) {
    var now = clock.instant();
    return database.write(
        handle -> {
          if (!AttestationTables.withdraw(handle, measurement)) {
            return Outcome.UNCHANGED;
          }
          LedgerStore.append(
              handle,
              SecurityEvent.of(
                  now, EventType.REFERENCE_VALUE_REMOVED, actor, measurement.toString(), Map.of()));
          return Outcome.DONE;
        });
  }

  /** Every measurement that is approved. */
  public List<ReferenceValue> approved() {
    return database.read(AttestationTables::approved);
  }
}
