package io.sallyport.identity.issuance;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.AuthorityRefused.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The directory {@code ca/}: certificates and sealed keys of the three authorities, made at once or
 * not at all, never overwritten, and read only if nobody else can.
 */
public final class AuthorityFiles {
  /** Says that an off-line root gave these, until the ledger says so. */
  static final String INSTALL_MARK = "ca.installed";

  private static final String EXPORT_MARK = "root.exported";

  private final Path directory;
  private final SecretFiles files;
  private final @Nullable KeyHome home;

  /** The files in that directory, which need not exist yet. */
  public AuthorityFiles(Path directory) {
    this(directory, null);
  }

  /**
   * The same.
   *
   * @param home where the keys are that sign; null when they are here, sealed
   */
  public AuthorityFiles(Path directory, @Nullable KeyHome home) {
    this.directory = directory;
    this.files = new SecretFiles(directory);
    this.home = home;
  }

  /** Whether there are authorities here. */
  public boolean exist() {
    return files.exist();
  }

  /** Makes root and issuing authorities and writes them, all or nothing. */
  public Authorities create(Passphrase passphrase, Serials serials, Instant now)
      throws AuthorityRefused {
    if (exist()) {
      throw alreadyExists();
    }
    var root = CertificateAuthority.createRoot(serials, now);
    var contents = new TreeMap<String, String>();
    try (var sealing = SealingKey.create(passphrase);
        var keys = new NewKeys(sealing, home, contents)) {
      var devices = root.createIssuing(AuthorityName.DEVICES, keys.devices(), serials, now);
      var servers = root.createIssuing(AuthorityName.SERVERS, keys.servers(), serials, now);
      var serverKeys = keys.serverKeys();
      keys.seal("root", root.key());
      for (var authority : List.of(root, devices, servers)) {
        contents.put(authority.name().word() + ".crt", Pem.of(authority.certificate()));
      }
      if (!files.createAll(contents)) {
        throw alreadyExists();
      }
      keys.keep();
      return new Authorities(AuthorityLine.of(root.certificate(), devices, servers), serverKeys);
    }
  }

  /** The certificates alone, checked to stand below the root; needs no passphrase. */
  public Map<AuthorityName, X509Certificate> certificates() throws AuthorityRefused {
    var certificates = new EnumMap<AuthorityName, X509Certificate>(AuthorityName.class);
    for (var name : AuthorityName.values()) {
      certificates.put(name, certificate(name));
    }
    AuthorityChain.require(certificates);
    return certificates;
  }

  /**
   * Opens both issuing authorities and the servers' keys; the root's key stays sealed. Servers'
   * keys are made where there are none, as in a directory of an earlier version.
   */
  public Authorities load(Passphrase passphrase) throws AuthorityRefused {
    files.requireOwnerOnly();
    var certificates = certificates();
    try (var opener = new Opener(passphrase)) {
      return new Authorities(
          AuthorityLine.of(
              certificate(AuthorityName.ROOT),
              opener.authority(AuthorityName.DEVICES, certificates),
              opener.authority(AuthorityName.SERVERS, certificates)),
          new ServerKeyFiles(files, opener.sealingKey(), home).open());
    }
  }

  /**
   * What opens and makes the keys of authorities that follow these.
   *
   * @param passphrase of this directory
   */
  public SuccessorKeys successorKeys(Passphrase passphrase) throws AuthorityRefused {
    return new SuccessorKeys(seal(passphrase, "authorities"), home);
  }

  /** Those of this directory and those that the registry keeps, as they are in force together. */
  public static AuthorityLine line(
      AuthorityLine first, List<StoredAuthority> stored, SuccessorKeys keys)
      throws AuthorityRefused {
    return new AuthorityHistory(first.roots().getFirst(), stored).line(first, keys);
  }

  /**
   * The same for a process that runs and cannot open a key now: trust needs none. Keys that are in
   * hand stay; an authority without one signs nothing.
   *
   * @param before what is in force in this process until now
   */
  public static AuthorityLine lineOfKeysInHand(
      AuthorityLine first, List<StoredAuthority> stored, AuthorityLine before)
      throws AuthorityRefused {
    return new AuthorityHistory(first.roots().getFirst(), stored).lineOfKeysInHand(first, before);
  }

  /** The roots that are trusted by what the registry keeps, the active one first. */
  public List<X509Certificate> roots(List<StoredAuthority> stored) throws AuthorityRefused {
    var root = certificates().get(AuthorityName.ROOT);
    if (root == null) {
      throw new IllegalStateException("there is no root among the authorities");
    }
    return new AuthorityHistory(root, stored).trustedRoots();
  }

  /** The root of this directory with its key, to sign what follows. */
  public OfflineRoot root(Passphrase passphrase) throws AuthorityRefused {
    files.requireOwnerOnly();
    if (!rootKeyPresent()) {
      throw rootKeyAbsent();
    }
    try (var opener = new Opener(passphrase)) {
      return OfflineRoot.of(opener.authority(AuthorityName.ROOT, certificates()));
    }
  }

  /**
   * Puts the backup in the place of the servers' key, for good, and makes another backup; a server
   * that runs shows it after its next start.
   */
  public ServerKeys promoteBackupKey(Passphrase passphrase) throws AuthorityRefused {
    files.requireOwnerOnly();
    certificates();
    try (var opener = new Opener(passphrase)) {
      opener.prove();
      return new ServerKeyFiles(files, opener.sealingKey(), home).promoteBackup();
    }
  }

  /**
   * What seals secrets that several installations with the same authorities share; each purpose has
   * a key of its own, which opens none of the keys here.
   */
  public Seal seal(Passphrase passphrase, String purpose) throws AuthorityRefused {
    files.requireOwnerOnly();
    certificates();
    try (var opener = new Opener(passphrase)) {
      opener.prove();
      return new Seal(opener.sealingKey().forPurpose(purpose));
    }
  }

  /** Where each key is; needs neither passphrase nor token. */
  public List<KeyPlace> keys() throws AuthorityRefused {
    if (!exist()) {
      throw new AuthorityRefused(Reason.MISSING, "there is no " + directory);
    }
    var places = new ArrayList<KeyPlace>();
    for (var name : List.of("root", "devices", "servers", "tls", "tls-backup")) {
      places.add(KeyReference.look(files, name));
    }
    return places;
  }

  /** Whether an off-line root gave these and no ledger was told of it yet. */
  public boolean wasInstalled() {
    return files.has(INSTALL_MARK);
  }

  /** The ledger was told. */
  public void forgetInstalled() {
    files.destroy(INSTALL_MARK);
  }

  /** Whether the root's key is still here. */
  public boolean rootKeyPresent() {
    return files.has(keyFile(AuthorityName.ROOT));
  }

  /** Whether the root's key was ever exported from here. */
  public boolean rootKeyExported() {
    return files.has(EXPORT_MARK);
  }

  /**
   * The root's key as an encrypted PKCS#8 PEM that openssl reads, to be kept off line.
   *
   * @param passphrase of this directory
   * @param exported the passphrase of the exported key
   */
  public String exportRootKey(Passphrase passphrase, Passphrase exported) throws AuthorityRefused {
    files.requireOwnerOnly();
    if (!rootKeyPresent()) {
      throw rootKeyAbsent();
    }
    try (var opener = new Opener(passphrase)) {
      var root = opener.authority(AuthorityName.ROOT, certificates());
      return EncryptedKeyPem.write(root.key(), exported);
    }
  }

  /** Notes that an exported root key is safe elsewhere, so that it may be forgotten here. */
  public void noteRootKeyExported(Instant now) {
    files.replace(EXPORT_MARK, "exported " + now + "\n");
  }

  /** Brings an exported root key back, for instance to sign a new issuing authority. */
  public void importRootKey(String pem, Passphrase exported, Passphrase passphrase)
      throws AuthorityRefused {
    files.requireOwnerOnly();
    certificates();
    PrivateKey key;
    try {
      key = EncryptedKeyPem.read(pem, exported);
    } catch (SealBroken e) {
      throw new AuthorityRefused(Reason.SEAL_BROKEN, "the exported key: " + e.getMessage());
    }
    var root = certificate(AuthorityName.ROOT);
    AuthorityChain.requireKey(AuthorityName.ROOT, root, key);
    try (var opener = new Opener(passphrase)) {
      opener.prove();
      var sealed = SealedKey.seal(AuthorityName.ROOT.word(), key, opener.sealingKey());
      files.replace(keyFile(AuthorityName.ROOT), sealed.toString());
    }
  }

  /**
   * Deletes the root's key from here, overwritten first.
   *
   * @param evenIfNotExported whether to do it although nobody has the key then
   */
  public void forgetRootKey(boolean evenIfNotExported) throws AuthorityRefused {
    if (!rootKeyPresent()) {
      throw rootKeyAbsent();
    }
    if (!rootKeyExported() && !evenIfNotExported) {
      throw new AuthorityRefused(
          Reason.NOT_EXPORTED, "the root key was never exported: forgetting it would lose it");
    }
    files.destroy(keyFile(AuthorityName.ROOT));
  }

  @Override
  public String toString() {
    return "AuthorityFiles[" + directory + "]";
  }

  private X509Certificate certificate(AuthorityName name) throws AuthorityRefused {
    var file = name.word() + ".crt";
    try {
      return Pem.certificate(read(file));
    } catch (MalformedPem e) {
      throw new AuthorityRefused(Reason.BROKEN_CHAIN, file + ": " + e.getMessage());
    }
  }

  private String read(String file) throws AuthorityRefused {
    if (!files.has(file)) {
      throw new AuthorityRefused(Reason.MISSING, "there is no " + directory.resolve(file));
    }
    return new String(files.read(file), StandardCharsets.UTF_8);
  }

  private static String keyFile(AuthorityName name) {
    return name.word() + ".key";
  }

  private AuthorityRefused alreadyExists() {
    return new AuthorityRefused(
        Reason.ALREADY_EXISTS, "there are certificate authorities already: " + directory);
  }

  private static AuthorityRefused rootKeyAbsent() {
    return new AuthorityRefused(Reason.ROOT_KEY_ABSENT, "the root key is not here");
  }

  /** Opens sealed keys with as few derivations as their headers allow: one. */
  private final class Opener implements AutoCloseable {
    private final Passphrase passphrase;
    private @Nullable SealingKey sealing;

    Opener(Passphrase passphrase) {
      this.passphrase = passphrase;
    }

    CertificateAuthority authority(
        AuthorityName name, Map<AuthorityName, X509Certificate> certificates)
        throws AuthorityRefused {
      var certificate = certificates.get(name);
      if (certificate == null) {
        throw new IllegalArgumentException("no certificate of " + name);
      }
      var key = key(name);
      AuthorityChain.requireKey(name, certificate, key);
      return new CertificateAuthority(name, certificate, key);
    }

    private PrivateKey key(AuthorityName name) throws AuthorityRefused {
      var place = KeyReference.place(files, name.word());
      if (place != null) {
        return KeyReference.require(home, name.word()).find(place).getPrivate();
      }
      if (name != AuthorityName.ROOT) {
        KeyReference.requireNoFile(files, home, KeyHome.Use.of(name), name.word());
      }
      return open(keyFile(name), key -> key.open(name.word(), with(key)));
    }

    /** Opens something, only to know that the passphrase is that of this directory. */
    void prove() throws AuthorityRefused {
      var proof = files.has(NewKeys.PROOF) ? NewKeys.PROOF : keyFile(AuthorityName.DEVICES);
      var name = proof.substring(0, proof.length() - ".key".length());
      byte[] secret = open(proof, key -> key.openSecret(name, with(key)));
      Arrays.fill(secret, (byte) 0);
    }

    SealingKey sealingKey() throws AuthorityRefused {
      if (sealing == null) {
        prove();
      }
      return Objects.requireNonNull(sealing, "something was opened");
    }

    private interface Opening<T> {
      T of(SealedKey sealed) throws SealBroken;
    }

    private <T> T open(String file, Opening<T> opening) throws AuthorityRefused {
      try {
        return opening.of(SealedKey.parse(read(file)));
      } catch (SealBroken e) {
        throw new AuthorityRefused(Reason.SEAL_BROKEN, file + ": " + e.getMessage());
      }
    }

    private SealingKey with(SealedKey sealed) throws SealBroken {
      var with = sealing;
      if (with == null || !with.fits(sealed.header())) {
        close();
        with = SealingKey.derive(passphrase, sealed.header().derivation());
        sealing = with;
      }
      return with;
    }

    @Override
    public void close() {
      if (sealing != null) {
        sealing.close();
      }
    }
  }
}
