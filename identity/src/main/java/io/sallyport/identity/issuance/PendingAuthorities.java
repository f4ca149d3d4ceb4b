package io.sallyport.identity.issuance;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.AuthorityRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Issuing authorities that have keys and no certificates yet, because their root is off line. They
 * become {@link AuthorityFiles} at once when both certificates are there and good.
 */
public final class PendingAuthorities {
  private static final List<AuthorityName> ISSUING =
      List.of(AuthorityName.DEVICES, AuthorityName.SERVERS);

  private final SecretFiles pending;
  private final SecretFiles authorities;
  private final Path directory;

  /** Beside the directory that the authorities will have. */
  public PendingAuthorities(Path directory) {
    this.directory = directory;
    this.authorities = new SecretFiles(directory);
    this.pending = new SecretFiles(directory.resolveSibling(directory.getFileName() + ".pending"));
  }

  /** Makes the keys and the requests; the same requests again, if they were made already. */
  public List<AuthorityRequest> request(Passphrase passphrase, @Nullable KeyHome home)
      throws AuthorityRefused, CeremonyRefused {
    if (authorities.exist()) {
      throw new AuthorityRefused(
          Reason.ALREADY_EXISTS, "there are certificate authorities already: " + directory);
    }
    if (pending.exist()) {
      pending.requireOwnerOnly();
      return List.copyOf(requests().values());
    }
    var contents = new TreeMap<String, String>();
    try (var sealing = SealingKey.create(passphrase);
        var keys = new NewKeys(sealing, home, contents)) {
      var requests =
          List.of(
              AuthorityRequest.of(AuthorityName.DEVICES, keys.devices()),
              AuthorityRequest.of(AuthorityName.SERVERS, keys.servers()));
      keys.serverKeys();
      requests.forEach(request -> contents.put(file(request.name()), request.pem()));
      if (!pending.createAll(contents)) {
        throw new AuthorityRefused(Reason.ALREADY_EXISTS, "they are being made by another process");
      }
      keys.keep();
      return requests;
    }
  }

  /** Takes the certificates, all of them or none, if every rule holds. */
  public void install(X509Certificate root, List<X509Certificate> certificates, Instant now)
      throws AuthorityRefused, CeremonyRefused {
    if (authorities.exist()) {
      throw new AuthorityRefused(
          Reason.ALREADY_EXISTS, "there are certificate authorities already: " + directory);
    }
    if (!pending.exist()) {
      throw new AuthorityRefused(
          Reason.MISSING, "nothing was asked for here; begin with `sallyport ca request`");
    }
    pending.requireOwnerOnly();
    CeremonyRules.requireRoot(root, now);
    var contents = new TreeMap<String, String>();
    contents.put("root.crt", Pem.of(root));
    contents.put(AuthorityFiles.INSTALL_MARK, "installed " + now + "\n");
    for (var request : requests().values()) {
      if (request.publicKey().equals(root.getPublicKey())) {
        throw new CeremonyRefused("root-key", "the root has the key of an issuing CA");
      }
      var certificate = named(request, certificates);
      CeremonyRules.requireIssuing(certificate, request, root, now);
      contents.put(request.name().word() + ".crt", Pem.of(certificate));
    }
    for (var name : pending.names()) {
      if (!name.endsWith(".csr")) {
        contents.put(name, new String(pending.read(name), StandardCharsets.UTF_8));
      }
    }
    if (!authorities.createAll(contents)) {
      throw new AuthorityRefused(Reason.ALREADY_EXISTS, directory + " was made meanwhile");
    }
    pending.destroyAll();
  }

  static X509Certificate named(AuthorityRequest request, List<X509Certificate> certificates)
      throws CeremonyRefused {
    var name = "CN=" + request.commonName();
    var found =
        certificates.stream()
            .filter(one -> one.getSubjectX500Principal().getName().equals(name))
            .toList();
    if (found.size() != 1) {
      throw new CeremonyRefused(
          "install-subject", "there must be one certificate of '" + name + "': " + found.size());
    }
    return found.getFirst();
  }

  private Map<AuthorityName, AuthorityRequest> requests() throws AuthorityRefused, CeremonyRefused {
    var requests = new EnumMap<AuthorityName, AuthorityRequest>(AuthorityName.class);
    for (var name : ISSUING) {
      if (!pending.has(file(name))) {
        throw new AuthorityRefused(Reason.MISSING, "there is no " + file(name));
      }
      requests.put(
          name,
          AuthorityRequest.parse(new String(pending.read(file(name)), StandardCharsets.US_ASCII)));
    }
    return requests;
  }

  private static String file(AuthorityName name) {
    return name.word() + ".csr";
  }

  /** The certificates of PEM files, in their order. */
  public static X509Certificate certificate(String pem) throws CeremonyRefused {
    try {
      return Pem.certificate(pem);
    } catch (MalformedPem e) {
      throw new CeremonyRefused("certificate-structure", String.valueOf(e.getMessage()));
    }
  }
}
