package io.sallyport.control.publication;

import io.sallyport.control.TestClock;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.store.Database;
import io.sallyport.identity.CrlPartition;
import io.sallyport.identity.PublicUrl;
import io.sallyport.identity.Serial;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.Serials;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A publication over a registry of its own, and what the JDK reads of its lists. */
final class Office implements AutoCloseable {
  final TestClock clock = new TestClock();
  final Authorities authorities = Authorities.create(Serials.random(), clock.instant());
  final Database database;
  final Certified certified;
  Publication publication;

  Office(TestDatabase kind) {
    database = kind.fresh();
    certified = new Certified(database);
    publication = another(PublicationSettings.DEFAULTS);
  }

  /** One more process on the same registry. */
  Publication another(PublicationSettings settings) {
    return new Publication(database, authorities, Serials.random(), settings, clock);
  }

  static PublicationSettings at(@Nullable String url) {
    var usual = PublicationSettings.DEFAULTS;
    return new PublicationSettings(
        url == null ? null : new PublicUrl(url),
        usual.listLifetime(),
        usual.listDelay(),
        usual.answerLifetime());
  }

  static PublicationSettings living(Duration lists) {
    var usual = PublicationSettings.DEFAULTS;
    return new PublicationSettings(null, lists, usual.listDelay(), usual.answerLifetime());
  }

  X509CRL list(String name) {
    return list(publication, name);
  }

  X509CRL list(Publication from, String name) {
    var answer = from.list(name + ".crl", null);
    if (answer.status() != 200) {
      throw new AssertionError("no list: " + answer.status());
    }
    try {
      var list =
          (X509CRL)
              CertificateFactory.getInstance("X.509")
                  .generateCRL(new ByteArrayInputStream(answer.body()));
      var issuer = name.equals("servers") ? authorities.servers() : authorities.devices();
      list.verify(issuer.certificate().getPublicKey());
      return list;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Who is on it, and why. */
  static Map<BigInteger, String> entries(X509CRL list) {
    var found = new HashMap<BigInteger, String>();
    var revoked = list.getRevokedCertificates();
    if (revoked != null) {
      revoked.forEach(
          one -> found.put(one.getSerialNumber(), String.valueOf(one.getRevocationReason())));
    }
    return found;
  }

  Map<BigInteger, String> union() {
    var all = new HashMap<BigInteger, String>();
    for (int part = 0; part < CrlPartition.COUNT; part++) {
      for (var entry : entries(list("devices-" + part)).entrySet()) {
        if (all.put(entry.getKey(), entry.getValue()) != null) {
          throw new AssertionError("on two lists: " + entry);
        }
      }
    }
    return all;
  }

  static Set<BigInteger> numbers(Stream<Serial> serials) {
    return serials.map(Serial::value).collect(Collectors.toSet());
  }

  static long number(X509CRL list) {
    var value = list.getExtensionValue("2.5.29.20");
    return new BigInteger(value, 4, value.length - 4).longValue();
  }

  @Override
  public void close() {
    publication.close();
    database.close();
  }
}
