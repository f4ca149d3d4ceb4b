package io.sallyport.ledger;

/**
 * One link of the ledger. It may have been read from anywhere, so nothing is promised about its
 * hashes: {@link Chain} says whether they hold.
 *
 * @param sequence 1 for the first record, then one more each
 * @param previousHash the hash of the record before, or {@link RecordHash#GENESIS}
 * @param hash {@link CanonicalForm} of the record, hashed
 */
public record LedgerRecord(
    long sequence, SecurityEvent event, RecordHash previousHash, RecordHash hash) {

  /** Whether the hash is that of exactly this content. */
  public boolean isGenuine() {
    return hash.equals(CanonicalForm.hash(sequence, event, previousHash));
  }
}
