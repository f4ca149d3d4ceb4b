package io.sallyport.control.enforcement;

import io.sallyport.identity.PrincipalId;
import java.util.List;

/** What a gateway learns that shares its registry with others, besides whom to trust. */
public interface Neighbourhood {
  /**
   * Every change that was committed at that moment of the monotonic clock has been told: what the
   * gateway believes is no older.
   */
  void confirmed(long asOfNanos);

  /**
   * The keys of TLS session tickets that all gateways use, as long as they are the newest: the
   * first one encrypts, each decrypts. The arrays are the receiver's.
   */
  void ticketKeys(List<byte[]> keys);

  /**
   * A client was let in, here or elsewhere: each gateway hears of all, in one and the same order.
   */
  void arrived(Arrival arrival);

  /**
   * A client that was let in.
   *
   * @param here whether it was let in by this gateway
   * @param number which of that gateway's it was
   * @param client what tells its client id from others
   * @param address where it came from
   */
  record Arrival(
      String gateway,
      boolean here,
      long number,
      PrincipalId principal,
      String client,
      String address) {}
}
