package io.sallyport.app.acme;

import io.sallyport.gateway.tls.ServerCredentials;
import io.sallyport.identity.issuance.KeyPairs;
import io.sallyport.identity.issuance.Serials;
import io.sallyport.identity.issuance.ValidationCertificate;
import java.time.InstantSource;
import java.util.List;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.challenge.Challenge;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;

/** How a name is proven to be ours, where the ACME server looks (RFC 8555, 8). */
public sealed interface Proofs {
  /** What is served over plain HTTP while a server looks for it. */
  interface Pages {
    /** Serves a text at {@code /.well-known/acme-challenge/TOKEN}. */
    void begin(String token, String text);

    /** Serves it no more. */
    void end(String token);
  }

  /** What is shown on the gate to a server that asks by ALPN. */
  interface Certificates {
    /** Shows it for a name. */
    void begin(String name, ServerCredentials proof);

    /** Shows it no more. */
    void end(String name);
  }

  /** The challenge's name in the protocol. */
  String type();

  /** Makes the proof ready, before the server is told to look. */
  void begin(Identifier name, Challenge challenge);

  /** Takes it away, however it ended. */
  void end(Identifier name, Challenge challenge);

  /** A page at port 80 of the name (RFC 8555, 8.3). */
  record Http01(Pages pages) implements Proofs {
    @Override
    public String type() {
      return Http01Challenge.TYPE;
    }

    @Override
    public void begin(Identifier name, Challenge challenge) {
      var http = (Http01Challenge) challenge;
      pages.begin(http.getToken(), http.getAuthorization());
    }

    @Override
    public void end(Identifier name, Challenge challenge) {
      pages.end(((Http01Challenge) challenge).getToken());
    }
  }

  /** A certificate at port 443 of the name (RFC 8737). */
  record TlsAlpn01(Certificates certificates, InstantSource clock) implements Proofs {
    @Override
    public String type() {
      return TlsAlpn01Challenge.TYPE;
    }

    @Override
    public void begin(Identifier name, Challenge challenge) {
      var keys = KeyPairs.p256();
      var validation = ((TlsAlpn01Challenge) challenge).getAcmeValidation();
      var proof =
          ValidationCertificate.of(
              keys, name.getDomain(), validation, Serials.random(), clock.instant());
      certificates.begin(
          name.getDomain(), new ServerCredentials(keys.getPrivate(), List.of(proof)));
    }

    @Override
    public void end(Identifier name, Challenge challenge) {
      certificates.end(name.getDomain());
    }
  }
}
