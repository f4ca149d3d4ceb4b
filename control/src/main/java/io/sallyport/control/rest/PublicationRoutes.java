package io.sallyport.control.rest;

import io.sallyport.control.publication.PublicAnswer;
import io.sallyport.control.publication.Publication;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.identity.issuance.OcspRequest;
import java.util.List;

/** Revocation lists and status answers: signed, public, and asked for without a certificate. */
final class PublicationRoutes {
  private static final String STATUS = "/ocsp/";
  private static final String STATUS_REQUEST = "application/ocsp-request";

  private final Publication publication;

  PublicationRoutes(Publication publication) {
    this.publication = publication;
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/crl/{file}", null, 0, this::list),
        // The base64 of a request may hold slashes.
        new Route("GET", "/ocsp/<request>", null, 0, this::asked),
        new Route("POST", "/ocsp", null, OcspRequest.BYTES_MAX, this::posted));
  }

  private Answer list(Call call) {
    return answer(publication.list(call.path("file"), call.header("If-None-Match")));
  }

  private Answer asked(Call call) {
    var request = call.rawPath().substring(STATUS.length());
    return answer(publication.asked(request, call.header("If-None-Match")));
  }

  private Answer posted(Call call) {
    return answer(publication.posted(call.bytes(STATUS_REQUEST)));
  }

  private static Answer answer(PublicAnswer answer) {
    return new Answer(answer.status(), answer.body(), answer.contentType(), answer.headers());
  }
}
