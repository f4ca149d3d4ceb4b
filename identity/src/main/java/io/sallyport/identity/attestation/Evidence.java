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
  record Token(EvidenceFormat format, byte[] message) implements Evidence {
    /** Refuses, with {@link IllegalArgumentException}, formats that are no tokens. */
    public Token {
      if (format != EvidenceFormat.PSA && format != EvidenceFormat.EAT) {
        throw new IllegalArgumentException("no token: " + format);
      }
      message = message.clone();
    }

    @Override
    public byte[] message() {
      return message.clone();
    }
  }

  /**
   * A TPM's quote.
   *
   * @param attested the TPMS_ATTEST structure
   * @param signature the TPMT_SIGNATURE structure
   * @param pcrs the values of the quoted registers of the SHA-256 bank, by number
   */
  record Quote(byte[] attested, byte[] signature, SortedMap<Integer, byte[]> pcrs)
      implements Evidence {
    public Quote {
      attested = attested.clone();
      signature = signature.clone();
      pcrs = new TreeMap<>(pcrs);
    }

    @Override
    public EvidenceFormat format() {
      return EvidenceFormat.TPM2;
    }

    @Override
    public byte[] attested() {
      return attested.clone();
    }

    @Override
    public byte[] signature() {
      return signature.clone();
    }
  }

  /**
   * A DICE chain.
   *
   * @param certificates the alias certificate first, each followed by its issuer; the last is
   *     signed by the registered key
   * @param proof the alias key's signature over the nonce: ECDSA, DER, over SHA-256 or (P-384)
   *     SHA-384; or Ed25519
   */
  record Chain(List<X509Certificate> certificates, byte[] proof) implements Evidence {
    public Chain {
      certificates = List.copyOf(certificates);
      proof = proof.clone();
    }

    @Override
    public EvidenceFormat format() {
      return EvidenceFormat.DICE;
    }

    @Override
    public byte[] proof() {
      return proof.clone();
    }
  }
}
