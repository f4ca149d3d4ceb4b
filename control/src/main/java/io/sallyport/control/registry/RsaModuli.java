package io.sallyport.control.registry;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** The table of RSA moduli; whoever writes it holds the ledger's lock. */
public final class RsaModuli {
  private static final int HEX = 16;
  // Bound: rows held in memory while they are read.
  private static final int ROWS = 1_000;

  private RsaModuli() {}

  /** One modulus and whose it is. */
  public record Known(long number, PublicKeyHash key, PrincipalId principal, BigInteger modulus) {}

  /** Hands over all above a number, in their order. */
  public static void forEachAbove(Handle handle, long number, Consumer<Known> action) {
    forEach(handle, number + 1, Long.MAX_VALUE, action);
  }

  /** Those of a range of numbers, both ends included. */
  public static List<Known> between(Handle handle, long first, long last) {
    var found = new ArrayList<Known>();
    forEach(handle, first, last, found::add);
    return List.copyOf(found);
  }

  private static void forEach(Handle handle, long first, long last, Consumer<Known> action) {
    try (var rows =
        handle
            .createQuery(
                "select number, spki_sha256, principal, modulus from rsa_modulus"
                    + " where number between :first and :last order by number")
            .bind("first", first)
            .bind("last", last)
            .setFetchSize(ROWS)
            .map(
                (row, _) ->
                    new Known(
                        row.getLong(1),
                        new PublicKeyHash(row.getString(2)),
                        new PrincipalId(row.getString(3)),
                        new BigInteger(row.getString(4), HEX)))
            .stream()) {
      rows.forEach(action);
    }
  }

  /** Adds a key that is not there yet. */
  public static void insert(
      Handle handle,
      PublicKeyHash key,
      PrincipalKind kind,
      PrincipalId principal,
      BigInteger modulus) {
    handle
        .createUpdate(
            "insert into rsa_modulus (number, spki_sha256, kind, principal, modulus)"
                + " select coalesce(max(number), 0) + 1, :key, :kind, :principal, :modulus"
                + " from rsa_modulus where true on conflict (spki_sha256) do nothing")
        .bind("key", key.hex())
        .bind("kind", kind.word())
        .bind("principal", principal.value())
        .bind("modulus", modulus.toString(HEX))
        .execute();
  }
}
