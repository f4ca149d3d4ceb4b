package io.sallyport.identity.issuance.token;

import io.sallyport.identity.issuance.Passphrase;
import io.sallyport.identity.issuance.token.TokenModule.Slot;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** One login to a token, by SunPKCS11, as long as it lasts. */
final class TokenConnection {
  private final Provider provider;
  private final KeyStore keys;
  private final Map<String, PrivateKey> opened = new ConcurrentHashMap<>();

  private volatile boolean ended;

  private TokenConnection(Provider provider, KeyStore keys) {
    this.provider = provider;
    this.keys = keys;
  }

  /** Logs in; the PIN is given once. */
  static TokenConnection open(TokenModule module, Slot slot, Passphrase pin) throws TokenFailure {
    return open(module, slot, pin, null);
  }

  /**
   * The same.
   *
   * @param label the name of the keys that this login makes; null if it makes none
   */
  static TokenConnection open(TokenModule module, Slot slot, Passphrase pin, @Nullable String label)
      throws TokenFailure {
    var objection = slot.objection();
    if (objection.isPresent()) {
      throw new TokenFailure(
          objection.get(), "its PIN is not tried: the token says " + objection.get());
    }
    var characters = characters(pin);
    try {
      var provider =
          Security.getProvider("SunPKCS11").configure(configuration(module, slot, label));
      var keys = KeyStore.getInstance("PKCS11", provider);
      keys.load(null, characters);
      return new TokenConnection(provider, keys);
    } catch (GeneralSecurityException | IOException | ProviderException e) {
      throw failure("the token could not be opened", e);
    } finally {
      Arrays.fill(characters, '\0');
    }
  }

  private static char[] characters(Passphrase pin) {
    var utf8 = pin.utf8();
    try {
      var decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(utf8));
      var characters = new char[decoded.remaining()];
      decoded.get(characters);
      Arrays.fill(decoded.array(), '\0');
      return characters;
    } finally {
      Arrays.fill(utf8, (byte) 0);
    }
  }

  /** Private keys are made in the token and stay there; the rest of a pair needs no place in it. */
  private static String configuration(TokenModule module, Slot slot, @Nullable String label) {
    var named = label == null ? "" : "CKA_LABEL = 0h" + hex(label) + "\n";
    return """
    --name = Sallyport
    library = "%s"
    slot = %s
    showInfo = false
    attributes(generate, CKO_PRIVATE_KEY, CKK_EC) = {
    CKA_TOKEN = true
    CKA_PRIVATE = true
    CKA_SENSITIVE = true
    CKA_EXTRACTABLE = false
    CKA_SIGN = true
    CKA_DECRYPT = false
    CKA_UNWRAP = false
    %s}
    attributes(generate, CKO_PUBLIC_KEY, CKK_EC) = {
    CKA_TOKEN = false
    CKA_VERIFY = true
    }
    """
        .formatted(module.library(), Long.toString(slot.id()), named);
  }

  private static String hex(String label) {
    return HexFormat.of().formatHex(label.getBytes(StandardCharsets.US_ASCII));
  }

  /** Its handles mean nothing any more. */
  void end() {
    ended = true;
  }

  boolean hasEnded() {
    return ended;
  }

  boolean has(String label) throws TokenFailure {
    try {
      return holds(label);
    } catch (GeneralSecurityException | IOException | ProviderException e) {
      throw failure("the token could not be asked", e);
    }
  }

  /** The JDK lists a token's keys once; another process may have made one since. */
  private boolean holds(String label) throws GeneralSecurityException, IOException {
    if (!keys.isKeyEntry(label)) {
      // Without a PIN: this login lasts.
      keys.load(null, null);
    }
    return keys.isKeyEntry(label);
  }

  ECPublicKey publicKey(String label) throws TokenFailure {
    try {
      if (holds(label)
          && keys.getCertificate(label) instanceof X509Certificate holder
          && holder.getPublicKey() instanceof ECPublicKey key) {
        return key;
      }
    } catch (GeneralSecurityException | IOException | ProviderException e) {
      throw failure("the token could not be asked", e);
    }
    throw missing(label);
  }

  private static TokenFailure missing(String label) {
    return new TokenFailure(
        TokenTrouble.KEY_MISSING, "there is no key '" + label + "' with a certificate beside it");
  }

  /** The raw signature of a hash. */
  byte[] sign(String label, byte[] digest) throws TokenFailure {
    try {
      var signer = Signature.getInstance("NONEwithECDSA", provider);
      signer.initSign(privateKey(label));
      signer.update(digest);
      return signer.sign();
    } catch (TokenFailure e) {
      throw e;
    } catch (GeneralSecurityException | ProviderException e) {
      throw failure("the token did not sign", e);
    }
  }

  private PrivateKey privateKey(String label) throws GeneralSecurityException {
    var known = opened.get(label);
    if (known != null) {
      return known;
    }
    if (!(keys.getKey(label, null) instanceof PrivateKey key)) {
      throw missing(label);
    }
    if (key.getEncoded() != null) {
      throw new TokenFailure(
          TokenTrouble.BROKEN, "the key '" + label + "' could be taken out: it is not used");
    }
    opened.put(label, key);
    return key;
  }

  /**
   * Makes a key, and beside it the certificate that PKCS #11 libraries know it by. That certificate
   * says nothing: its name is that of the key, and nobody trusts it.
   */
  void generate(String label, String curve, Date from, Date until) throws TokenFailure {
    try {
      var generator = KeyPairGenerator.getInstance("EC", provider);
      generator.initialize(new ECGenParameterSpec(curve));
      var pair = generator.generateKeyPair();
      if (pair.getPrivate().getEncoded() != null) {
        throw new TokenFailure(TokenTrouble.BROKEN, "the token makes keys that can be taken out");
      }
      var holder = holder(label, pair, from, until);
      keys.setKeyEntry(label, pair.getPrivate(), null, new Certificate[] {holder});
    } catch (TokenFailure e) {
      throw e;
    } catch (GeneralSecurityException | ProviderException | OperatorCreationException e) {
      throw failure("the token made no key", e);
    }
  }

  private X509Certificate holder(String label, KeyPair pair, Date from, Date until)
      throws GeneralSecurityException, OperatorCreationException {
    var name =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.CN, label)
            .addRDN(BCStyle.OU, "holds the place of a key; certifies nothing")
            .build();
    var builder =
        new JcaX509v3CertificateBuilder(name, BigInteger.ONE, from, until, name, pair.getPublic());
    var algorithm =
        ((ECPublicKey) pair.getPublic()).getParams().getOrder().bitLength() > 256
            ? "SHA384withECDSA"
            : "SHA256withECDSA";
    var signer = new JcaContentSignerBuilder(algorithm).setProvider(provider);
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(signer.build(pair.getPrivate())));
  }

  void destroy(String label) throws TokenFailure {
    try {
      keys.deleteEntry(label);
      opened.remove(label);
    } catch (GeneralSecurityException | ProviderException e) {
      throw failure("the token did not destroy the key '" + label + "'", e);
    }
  }

  /** What the JDK hides in causes, as one of the troubles that there are. */
  private static TokenFailure failure(String what, Exception e) {
    var said =
        Stream.<Throwable>iterate(e, cause -> cause != null, Throwable::getCause)
            .map(cause -> String.valueOf(cause.getMessage()))
            .filter(message -> message.startsWith("CKR_"))
            .findFirst()
            .orElse(String.valueOf(e.getMessage()));
    var trouble =
        switch (said) {
          case "CKR_PIN_INCORRECT", "CKR_PIN_INVALID", "CKR_PIN_LEN_RANGE", "CKR_PIN_EXPIRED" ->
              TokenTrouble.PIN_REFUSED;
          case "CKR_PIN_LOCKED" -> TokenTrouble.LOCKED;
          case "CKR_TOKEN_NOT_PRESENT", "CKR_DEVICE_REMOVED", "CKR_SLOT_ID_INVALID" ->
              TokenTrouble.ABSENT;
          default -> TokenTrouble.BROKEN;
        };
    return new TokenFailure(trouble, what + ": " + said, e);
  }
}
