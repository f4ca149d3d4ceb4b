package io.sallyport.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.ledger.Chain.Broken;
import io.sallyport.ledger.Chain.Intact;
import io.sallyport.ledger.Chain.Why;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainProperties {
  private static final int LENGTH = 12;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatWasWrittenHolds(long seed) {
    var random = new SplittableRandom(seed);
    for (int length = 0; length < 40; length++) {
      var records = Ledgers.random(random, length);
      var head = records.isEmpty() ? Head.GENESIS : Head.of(records.getLast());
      assertThat(Chain.verify(records.iterator())).isEqualTo(new Intact(head));
      assertThat(Chain.verify(records.iterator(), head)).isEqualTo(new Intact(head));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everySingleChangeOfAnyRecordIsFoundInItsPlace(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      var records = Ledgers.random(random, LENGTH);
      int place = random.nextInt(LENGTH);
      var genuine = records.get(place);
      var changed = mutate(genuine, random);
      if (changed.equals(genuine)) {
        continue;
      }
      records.set(place, changed);
      assertThat(Chain.verify(records.iterator()))
          .as("seed %d round %d: %s to %s", seed, round, genuine, changed)
          .isInstanceOfSatisfying(
              Broken.class, broken -> assertThat(broken.sequence()).isEqualTo(place + 1));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyChangeWithTheHashMadeAnewIsFoundInTheNextPlace(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      var records = Ledgers.random(random, LENGTH);
      int place = random.nextInt(LENGTH - 1);
      var genuine = records.get(place);
      var forged =
          new Head(genuine.sequence() - 1, genuine.previousHash()).append(Ledgers.event(random));
      if (forged.equals(genuine)) {
        continue;
      }
      records.set(place, forged);
      assertThat(Chain.verify(records.iterator()))
          .isEqualTo(new Broken(place + 1, place + 2, Why.WRONG_PREVIOUS));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyRemovedRecordIsMissed(long seed) {
    var random = new SplittableRandom(seed);
    var records = Ledgers.random(random, LENGTH);
    var head = Head.of(records.getLast());
    for (int place = 0; place < LENGTH; place++) {
      var without = new ArrayList<>(records);
      without.remove(place);
      assertThat(Chain.verify(without.iterator(), head))
          .isEqualTo(new Broken(place, place + 1, Why.MISSING));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everySwapIsFound(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 100; round++) {
      var records = Ledgers.random(random, LENGTH);
      int one = random.nextInt(LENGTH);
      int other = random.nextInt(LENGTH);
      if (one == other) {
        continue;
      }
      var swapped = new ArrayList<>(records);
      swapped.set(one, records.get(other));
      swapped.set(other, records.get(one));
      int first = Math.min(one, other);
      assertThat(Chain.verify(swapped.iterator()))
          .isEqualTo(new Broken(first, first + 1, Why.REORDERED));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyRepeatedRecordIsFound(long seed) {
    var random = new SplittableRandom(seed);
    var records = Ledgers.random(random, LENGTH);
    for (int place = 1; place < LENGTH; place++) {
      var repeated = new ArrayList<>(records);
      repeated.add(place, records.get(random.nextInt(place)));
      assertThat(Chain.verify(repeated.iterator()))
          .isEqualTo(new Broken(place, place + 1, Why.REORDERED));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aLedgerWrittenAnewIsNotTheOneWhoseHeadWasKept(long seed) {
    var random = new SplittableRandom(seed);
    var records = Ledgers.random(random, LENGTH);
    var anew = Ledgers.random(random, LENGTH);
    for (var record : records) {
      assertThat(Chain.verify(records.iterator(), Head.of(record)))
          .isEqualTo(new Intact(Head.of(records.getLast())));
      assertThat(Chain.verify(anew.iterator(), Head.of(record)))
          .isEqualTo(new Broken(record.sequence() - 1, record.sequence(), Why.REWRITTEN));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void twoDifferentRecordsNeverHaveTheSameBytes(long seed) {
    var random = new SplittableRandom(seed);
    var seen = new HashMap<String, SecurityEvent>();
    for (int round = 0; round < 20_000; round++) {
      var event = Ledgers.event(random);
      var bytes = HexFormat.of().formatHex(CanonicalForm.of(1, event, RecordHash.GENESIS));
      var other = seen.put(bytes, event);
      assertThat(other == null || other.equals(event)).isTrue();
    }
  }

  private static LedgerRecord mutate(LedgerRecord record, RandomGenerator random) {
    var event = record.event();
    var facts = new TreeMap<>(event.facts());
    return switch (random.nextInt(9)) {
      case 0 ->
          new LedgerRecord(
              record.sequence() + 1 + random.nextInt(3),
              event,
              record.previousHash(),
              record.hash());
      case 1 -> new LedgerRecord(-record.sequence(), event, record.previousHash(), record.hash());
      case 2 -> withHashes(record, flipped(record.previousHash(), random), record.hash());
      case 3 -> withHashes(record, record.previousHash(), flipped(record.hash(), random));
      case 4 ->
          with(
              record,
              new SecurityEvent(
                  event.at().plusMillis(1), event.type(), event.actor(), event.subject(), facts));
      case 5 ->
          with(
              record,
              new SecurityEvent(
                  event.at(), Ledgers.type(random), event.actor(), event.subject(), facts));

      case 6 ->
          with(
              record,
              new SecurityEvent(
                  event.at(), event.type(), event.actor() + "a", event.subject(), facts));
      case 7 ->
          with(
              record,
              new SecurityEvent(event.at(), event.type(), event.subject(), event.actor(), facts));
      default -> {
        facts.put(Ledgers.text(random), Ledgers.text(random));
        yield with(
            record,
            new SecurityEvent(event.at(), event.type(), event.actor(), event.subject(), facts));
      }
    };
  }

  private static LedgerRecord with(LedgerRecord record, SecurityEvent event) {
    return new LedgerRecord(record.sequence(), event, record.previousHash(), record.hash());
  }

  private static LedgerRecord withHashes(
      LedgerRecord record, RecordHash previous, RecordHash hash) {
    return new LedgerRecord(record.sequence(), record.event(), previous, hash);
  }

  private static RecordHash flipped(RecordHash hash, RandomGenerator random) {
    var bytes = HexFormat.of().parseHex(hash.hex());
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return new RecordHash(HexFormat.of().formatHex(bytes));
  }
}
