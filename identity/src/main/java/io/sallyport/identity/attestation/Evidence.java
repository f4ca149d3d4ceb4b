package io.sallyport.identity.attestation;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a device presents, as it came. */
public sealed interface Evidence {
  /** Its kind. */
  EvidenceFormat format();

  /** A signed token, PSA or EAT. */
  final class Token implements Evidence {
    private final EvidenceFormat format;
    private final byte[] message;

    /**
     * A token; refuses, with {@link IllegalArgumentException}, formats that are none.
     *
     * @param message a COSE_Sign1
     */
    public Token(EvidenceFormat format, byte[] message) {
      if (format != EvidenceFormat.PSA && format != EvidenceFormat.EAT) {
        throw new IllegalArgumentException("no token: " + format);
      }
      this.format = format;
      this.message = message.clone();
    }

    @Override
    public EvidenceFormat format() {
      return format;
    }

    byte[] message() {
      return message.clone();
    }
  }

  /** A TPM's quote. */
  final class Quote implements Evidence {
    private final byte[] attested;
    private final byte[] signature;
    private final SortedMap<Integer, byte[]> registers;

    /**
     * A quote.
     *
     * @param attested the TPMS_ATTEST structure
     * @param signature the TPMT_SIGNATURE structure
     * @param registers the values of the quoted registers of the SHA-256 bank, by number
     */
    public Quote(byte[] attested, byte[] signature, SortedMap<Integer, byte[]> registers) {
      this.attested = attested.clone();
      this.signature = signature.clone();
      this.registers = new TreeMap<>(registers);
    }

    @Override
    public EvidenceFormat format() {
      return EvidenceFormat.TPM2;
    }

    byte[] attested() {
      return attested.clone();
    }

    byte[] signature() {
      return signature.clone();
    }

    SortedMap<Integer, byte[]> registers() {
      return registers;
    }
  }

  /** A DICE chain. */
  final class Chain implements Evidence {
    private final List<X509Certificate> certificates;
    private final byte[] proof;

    /**
     * A chain.
     *
     * @param certificates the alias certificate first, each followed by its issuer; the last is
     *     signed by the registered key
     * @param proof the alias key's signature over the nonce: ECDSA, DER, over SHA-256 or (P-384)
     *     SHA-384; or Ed25519
     */
    public Chain(List<X509Certificate> certificates, byte[] proof) {
      this.certificates = List.copyOf(certificates);
      this.proof = proof.clone();
    }

    @Override
    public EvidenceFormat format() {
      return EvidenceFormat.DICE;
    }

    List<X509Certificate> certificates() {
      return certificates;
    }

    byte[] proof() {
      return proof.clone();
    }
  }
}
