package io.sallyport.cli.enrolment;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PublicKeyHash;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server issued.
 *
 * @param chain the leaf, then its issuer
 * @param roots whom it trusts: two while one root follows another
 */
public record Issued(List<X509Certificate> chain, List<X509Certificate> roots) {
  public Issued {
    chain = List.copyOf(chain);
    roots = List.copyOf(roots);
  }

  /** Reads an answer about a certificate whose key is elsewhere. */
  static Issued read(Answer answer) {
    try {
      var leaf = Pem.certificate(answer.object("certificate").text("pem"));
      return read(answer, leaf.getPublicKey());
    } catch (MalformedPem e) {
      throw Failure.unavailable("the server answered with a malformed certificate", e);
    }
  }

  /** Reads an answer, and makes sure that it certifies the key that was sent and no other. */
  static Issued read(Answer answer, PublicKey sent) {
    return read(answer, answer, sent);
  }

  /** The same, where the issuer and the root are told once for many certificates. */
  static Issued read(Answer answer, Answer installation, PublicKey sent) {
    try {
      var chain = new ArrayList<X509Certificate>();
      chain.add(Pem.certificate(answer.object("certificate").text("pem")));
      for (var issuer : installation.texts("chain")) {
        chain.add(Pem.certificate(issuer));
      }
      if (!PublicKeyHash.of(chain.getFirst().getPublicKey()).equals(PublicKeyHash.of(sent))) {
        throw Failure.unavailable("the server answered with the certificate of another key");
      }
      return new Issued(chain, Pem.certificates(installation.text("ca")));
    } catch (MalformedPem e) {
      throw Failure.unavailable("the server answered with a malformed certificate", e);
    }
  }

  /** The leaf and its issuer, in PEM. */
  String chainText() {
    return Pem.of(chain);
  }

  byte[] chainPem() {
    return chainText().getBytes(StandardCharsets.US_ASCII);
  }

  /** The roots that are trusted, in PEM; two while one follows another. */
  String rootText() {
    return Pem.of(roots);
  }

  byte[] rootPem() {
    return rootText().getBytes(StandardCharsets.US_ASCII);
  }
}
