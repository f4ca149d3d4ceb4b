package io.sallyport.identity.manufacturer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.identity.ClaimName;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Any bytes, shown as certificates, have one serial number of the right form at most; any text is
 * an authority or is refused. The first byte says where the serial number is looked for.
 */
class InitialIdentityFuzz {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  @FuzzTest
  void everyChainIsReadOrRefused(byte[] bytes) {
    if (bytes.length < 2) {
      return;
    }
    var sources = List.of(SerialSource.values());
    var source = sources.get((bytes[0] & 0xff) % sources.size());
    var chain = chain(bytes);
    for (var certificate : chain) {
      WrittenSerialsOrNone.of(certificate, source);
      ClaimName.of(certificate);
    }
    if (chain.isEmpty()) {
      return;
    }
    try {
      var authority = ManufacturerAuthority.parse(Pem.of(chain.getLast()));
      if (InitialIdentity.of(chain, authority, source, NOW)
              instanceof InitialIdentity.Of(var serial)
          && !InitialIdentity.SERIAL.matcher(serial).matches()) {
        throw new AssertionError("a serial number that is none: " + serial);
      }
    } catch (UnusableAuthority e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
    }
  }

  /** Reading a name may fail only as {@link InitialIdentity#of} expects it. */
  private static final class WrittenSerialsOrNone {
    static void of(X509Certificate certificate, SerialSource source) {
      try {
        WrittenSerials.of(certificate, source);
      } catch (RuntimeException e) {
        if (e instanceof NullPointerException || e instanceof IndexOutOfBoundsException) {
          throw e;
        }
      }
    }
  }

  /** Certificates one after the other, as far as they can be read. */
  private static List<X509Certificate> chain(byte[] bytes) {
    var chain = new ArrayList<X509Certificate>();
    int at = 1;
    while (at + 4 < bytes.length && chain.size() < InitialIdentity.CHAIN_MAX) {
      int length = 4 + ((bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff));
      if (at + length > bytes.length) {
        return chain;
      }
      try {
        chain.add(Pem.certificateOfDer(java.util.Arrays.copyOfRange(bytes, at, at + length)));
      } catch (MalformedPem e) {
        return chain;
      }
      at += length;
    }
    return chain;
  }
}
