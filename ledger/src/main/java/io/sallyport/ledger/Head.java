package io.sallyport.ledger;

/**
 * Where a ledger ends: what the next record is chained to, and what must be kept elsewhere to
 * notice that records were cut off the end.
 *
 * @param sequence of the newest record, 0 when there is none
 */
public record Head(long sequence, RecordHash hash) {
  /** The head of an empty ledger. */
  public static final Head GENESIS = new Head(0, RecordHash.GENESIS);

  /** The head once that record is the newest. */
  public static Head of(LedgerRecord record) {
    return new Head(record.sequence(), record.hash());
  }

  /** The record of an event that comes next. */
  public LedgerRecord append(SecurityEvent event) {
    long next = Math.incrementExact(sequence);
    return new LedgerRecord(next, event, hash, CanonicalForm.hash(next, event, hash));
  }
}
