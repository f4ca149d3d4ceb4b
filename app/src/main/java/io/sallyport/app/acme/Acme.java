package io.sallyport.app.acme;

import io.sallyport.app.acme.AcmeSettings.ExternalAccount;
import io.sallyport.app.configuration.AcmeKeys;
import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.Key;
import io.sallyport.app.configuration.PkiKeys;
import io.sallyport.app.configuration.ServerKeys;
import io.sallyport.app.installation.DataDirectory;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.Seal;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The configuration of the certificate for public names, checked before anything is asked. */
public final class Acme {
  /** Bound: names of one certificate. */
  static final int DOMAINS_MAX = 25;

  private static final int FILE_BYTES_MAX = 256 * 1024;

  // RFC 1035, 2.3.4, with two labels at least: no authority certifies others.
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+"
              + "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private static final Pattern MAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,255}");

  private final Configuration configuration;
  private final AcmeFiles files;
  private final AcmeSettings settings;

  private Acme(Configuration configuration, DataDirectory directory) {
    this.configuration = configuration;
    this.files = new AcmeFiles(directory.acme());
    this.settings = new AcmeSettings(directoryOf(), domains(), contact(), externalAccount(), tls());
    if (!configuration.get(AcmeKeys.TERMS_AGREED)) {
      throw refused(
          AcmeKeys.TERMS_AGREED,
          "must be true: read the terms of service of " + settings.directory().getHost());
    }
    if (challenge() == AcmeKeys.Challenge.HTTP_01 && PkiKeys.listen(configuration) == null) {
      throw refused(
          AcmeKeys.CHALLENGE, "http-01 needs pki.http-listen, to which port 80 of the names leads");
    }
  }

  /** What the configuration asks for; null if it asks for none. */
  public static @Nullable Acme of(Configuration configuration, DataDirectory directory) {
    return configuration.get(AcmeKeys.DIRECTORY).isEmpty()
        ? null
        : new Acme(configuration, directory);
  }

  private AcmeKeys.Challenge challenge() {
    return configuration.get(AcmeKeys.CHALLENGE);
  }

  private URI directoryOf() {
    var text = configuration.get(AcmeKeys.DIRECTORY);
    try {
      var uri = URI.create(text);
      if ("https".equals(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // The same answer.
    }
    throw refused(AcmeKeys.DIRECTORY, "is not a URL that begins with https://");
  }

  private List<String> domains() {
    var domains =
        configuration.get(AcmeKeys.DOMAINS).stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .toList();
    if (domains.isEmpty() || domains.size() > DOMAINS_MAX) {
      throw refused(AcmeKeys.DOMAINS, "1 to " + DOMAINS_MAX + " names are needed");
    }
    var known = new HashSet<String>();
    configuration.get(ServerKeys.NAMES).forEach(name -> known.add(name.toLowerCase(Locale.ROOT)));
    for (var domain : domains) {
      if (!DOMAIN.matcher(domain).matches()) {
        throw refused(AcmeKeys.DOMAINS, "'" + domain + "' is not a DNS name of the public");
      }
      if (!known.add(domain)) {
        throw refused(
            AcmeKeys.DOMAINS,
            "'"
                + domain
                + "' is in 'names', or here twice: devices that call the server so trust our own"
                + " authority only; give the public another name");
      }
    }
    return domains;
  }

  private @Nullable String contact() {
    var contact = configuration.get(AcmeKeys.CONTACT);
    if (contact.isEmpty()) {
      return null;
    }
    if (!MAIL.matcher(contact).matches()) {
      throw refused(AcmeKeys.CONTACT, "is not a mail address");
    }
    return contact;
  }

  private @Nullable ExternalAccount externalAccount() {
    var id = configuration.get(AcmeKeys.ACCOUNT_ID);
    var file = configuration.get(AcmeKeys.ACCOUNT_KEY_FILE);
    if (id.isEmpty() && file.isEmpty()) {
      return null;
    }
    if (id.isEmpty() || file.isEmpty()) {
      var missing = id.isEmpty() ? AcmeKeys.ACCOUNT_ID : AcmeKeys.ACCOUNT_KEY_FILE;
      throw refused(missing, "is needed, too");
    }
    try {
      DataDirectory.refuseOpenToOthers(Path.of(file), "chmod 600 " + file);
    } catch (IOException e) {
      throw refused(AcmeKeys.ACCOUNT_KEY_FILE, "cannot be read");
    }
    var bytes = read(AcmeKeys.ACCOUNT_KEY_FILE);
    try {
      var text = new String(bytes, StandardCharsets.US_ASCII).strip().replaceAll("=+$", "");
      var key = Base64.getUrlDecoder().decode(text);
      return new ExternalAccount(id, new SecretKeySpec(key, "HMAC"));
    } catch (IllegalArgumentException e) {
      // Without the reason, which would tell a part of it.
      throw refused(AcmeKeys.ACCOUNT_KEY_FILE, "is no key in base64url");
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private SSLContext tls() {
    try {
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(anchors());
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS cannot be set up", e);
    }
  }

  /** Those of Java where none are configured. */
  private @Nullable KeyStore anchors() {
    if (configuration.get(AcmeKeys.CA_FILE).isEmpty()) {
      return null;
    }
    try {
      var store = KeyStore.getInstance("JKS");
      store.load(null, null);
      var text = new String(read(AcmeKeys.CA_FILE), StandardCharsets.UTF_8);
      int number = 0;
      for (var certificate : Pem.certificates(text)) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      return store;
    } catch (MalformedPem e) {
      throw refused(AcmeKeys.CA_FILE, "is not a PEM file of certificates: " + e.getMessage());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("TLS cannot be set up", e);
    }
  }

  private byte[] read(Key<String> key) {
    try (var stream = Files.newInputStream(Path.of(configuration.get(key)))) {
      return stream.readNBytes(FILE_BYTES_MAX);
    } catch (IOException e) {
      throw refused(key, configuration.get(key) + " cannot be read");
    }
  }

  private Failure refused(Key<?> key, String why) {
    return Failure.badInput(configuration.place(key) + ": " + why);
  }

  /** The certificate that is there, which must be for that key. */
  public PublicCertificate certificate(io.sallyport.identity.issuance.ServerKeys keys) {
    return new PublicCertificate(files, settings.domains(), keys.publicKey());
  }

  /**
   * What keeps it.
   *
   * @param seal of the account's key
   * @param shows puts a new one in force
   */
  public AcmeRenewal renewal(
      io.sallyport.identity.issuance.ServerKeys keys,
      Seal seal,
      Proofs.Pages pages,
      Proofs.Certificates certificates,
      AcmeRenewal.Shows shows,
      InstantSource clock,
      RandomGenerator random) {
    var proofs =
        switch (challenge()) {
          case HTTP_01 -> new Proofs.Http01(pages);
          case TLS_ALPN_01 -> new Proofs.TlsAlpn01(certificates, clock);
        };
    var client = new AcmeClient(settings, files.account(seal));
    return new AcmeRenewal(client, certificate(keys), keys, proofs, shows, clock, random);
  }
}
