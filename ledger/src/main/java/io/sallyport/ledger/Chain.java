package io.sallyport.ledger;

import java.util.Iterator;

/** Checks a ledger from its first record to its last, holding one record at a time. */
public final class Chain {
  /** What became of a check. */
  public sealed interface Verdict {
    /** How many records were found to hold, from the first one on. */
    long records();
  }

  /** Every record is where it was written, as it was written. */
  public record Intact(Head head) implements Verdict {
    @Override
    public long records() {
      return head.sequence();
    }
  }

  /**
   * The ledger is not as it was written.
   *
   * @param records how many hold before the break
   * @param sequence the first place where something is wrong
   */
  public record Broken(long records, long sequence, Why why) implements Verdict {}

  /** What is wrong at the first place where something is. */
  public enum Why {
    /** The record's content does not have the hash that it was written with. */
    CHANGED("the record was changed"),
    /** The record is not there. */
    MISSING("the record is missing"),
    /** The record comes at another place than its own. */
    REORDERED("the record is out of order"),
    /** The record is genuine in itself but does not follow the one before it. */
    WRONG_PREVIOUS("the record does not follow the one before it"),
    /** The chain holds in itself, but is not the one whose head was kept elsewhere. */
    REWRITTEN("the ledger was written anew");

    private final String text;

    Why(String text) {
      this.text = text;
    }

    /** One clause for people. */
    public String text() {
      return text;
    }
  }

  private Chain() {}

  /** Checks a whole ledger; cannot notice records that were cut off its end. */
  public static Verdict verify(Iterator<LedgerRecord> records) {
    return verify(records, Head.GENESIS);
  }

  /**
   * Checks that a whole ledger holds and passes through a head that was kept elsewhere; it may have
   * grown since.
   */
  public static Verdict verify(Iterator<LedgerRecord> records, Head kept) {
    var head = Head.GENESIS;
    while (records.hasNext()) {
      var record = records.next();
      long expected = head.sequence() + 1;
      if (record.sequence() != expected) {
        return new Broken(head.sequence(), expected, misplaced(record, expected, records));
      }
      if (!record.isGenuine()) {
        return new Broken(head.sequence(), expected, Why.CHANGED);
      }
      if (!record.previousHash().equals(head.hash())) {
        return new Broken(head.sequence(), expected, Why.WRONG_PREVIOUS);
      }
      if (kept.sequence() == expected && !kept.hash().equals(record.hash())) {
        return new Broken(head.sequence(), expected, Why.REWRITTEN);
      }
      head = Head.of(record);
    }
    return head.sequence() < kept.sequence()
        ? new Broken(head.sequence(), head.sequence() + 1, Why.MISSING)
        : new Intact(head);
  }

  /** A record that comes too early was moved if the right one comes later, else one is missing. */
  private static Why misplaced(LedgerRecord found, long expected, Iterator<LedgerRecord> rest) {
    if (found.sequence() < expected) {
      return Why.REORDERED;
    }
    while (rest.hasNext()) {
      if (rest.next().sequence() == expected) {
        return Why.REORDERED;
      }
    }
    return Why.MISSING;
  }
}
