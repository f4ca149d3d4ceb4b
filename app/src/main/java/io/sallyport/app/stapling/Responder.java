package io.sallyport.app.stapling;

import io.sallyport.identity.OcspStatus;
import io.sallyport.identity.issuance.OcspAnswer;
import io.sallyport.identity.issuance.OcspAnswerRefused;
import io.sallyport.identity.issuance.OcspRequest;
import io.sallyport.identity.issuance.OcspResponder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where the status of one of our certificates comes from. */
sealed interface Responder {
  /** Bound: connecting, asking and reading the answer. */
  Duration ANSWER_MAX = Duration.ofSeconds(10);

  /** Asks; the answer in DER, which is not believed yet. */
  byte[] ask(X509Certificate certificate, X509Certificate issuer, Instant now)
      throws OcspAnswerRefused, InterruptedException;

  /**
   * Ourselves, for a certificate of our own authority: this process has just made it, and shows
   * another one if it may not show this one any more.
   *
   * @param lifetime of an answer
   */
  record Own(OcspResponder responder, Duration lifetime) implements Responder {
    @Override
    public byte[] ask(X509Certificate certificate, X509Certificate issuer, Instant now) {
      var from = now.truncatedTo(ChronoUnit.SECONDS);
      return responder.answer(
          OcspRequest.about(certificate, issuer),
          _ -> new OcspStatus.Good(),
          from,
          from.plus(lifetime));
    }
  }

  /** The one that a certificate of somebody else names (RFC 6960, A.1: over HTTP, by POST). */
  record Remote(HttpClient client, URI address) implements Responder {
    @Override
    public byte[] ask(X509Certificate certificate, X509Certificate issuer, Instant now)
        throws OcspAnswerRefused, InterruptedException {
      var question = OcspRequest.about(certificate, issuer).encoded();
      var request =
          HttpRequest.newBuilder(address)
              .header("Content-Type", "application/ocsp-request")
              .header("Accept", "application/ocsp-response")
              .timeout(ANSWER_MAX)
              .POST(HttpRequest.BodyPublishers.ofByteArray(question))
              .build();
      // The timeout of a request ends with the headers; who drips its answer is bounded here.
      var asking =
          client.sendAsync(
              request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), OcspAnswer.BYTES_MAX));
      try {
        var response = asking.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
        if (response.statusCode() != 200) {
          throw new OcspAnswerRefused(address + " answers HTTP " + response.statusCode());
        }
        return response.body();
      } catch (TimeoutException e) {
        asking.cancel(true);
        throw new OcspAnswerRefused(
            address + " does not answer within " + ANSWER_MAX.toSeconds() + " s");
      } catch (ExecutionException e) {
        var why = e.getCause() instanceof IOException broken ? broken : e;
        throw new OcspAnswerRefused(address + " cannot be asked: " + why);
      }
    }
  }

  /** Its authority has none, as many of the public no longer do. */
  record None() implements Responder {
    @Override
    public byte[] ask(X509Certificate certificate, X509Certificate issuer, Instant now)
        throws OcspAnswerRefused {
      throw new OcspAnswerRefused("the certificate names no responder");
    }
  }
}
