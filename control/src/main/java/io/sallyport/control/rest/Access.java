package io.sallyport.control.rest;

import io.javalin.http.Context;
import io.sallyport.control.operators.OperatorRecord;
import io.sallyport.control.operators.Operators;
import io.sallyport.control.operators.Role;
import io.sallyport.ledger.EventSink;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Map;

/** Who asks, by certificate and nothing else, and whether that operator may. */
final class Access {
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  private final Operators operators;
  private final EventSink events;
  private final InstantSource clock;

  Access(Operators operators, EventSink events, InstantSource clock) {
    this.operators = operators;
    this.events = events;
    this.clock = clock;
  }

  /** The operator, or a refusal that the ledger hears of. */
  OperatorRecord authenticate(Context http) {
    if (!(http.req().getAttribute(CERTIFICATES) instanceof X509Certificate[] chain)
        || chain.length == 0) {
      refused("anonymous", http.ip(), "no-certificate");
      throw new Problem(401, "no-certificate", "an operator's certificate is needed");
    }
    return operators
        .authenticate(chain[0])
        .orElseThrow(
            () -> {
              refused(
                  chain[0].getSubjectX500Principal().getName(), http.ip(), "certificate-refused");
              return new Problem(
                  401,
                  "certificate-refused",
                  "the certificate is not that of an operator, or is revoked");
            });
  }

  void require(Role needed, OperatorRecord operator, String call) {
    if (!operator.role().includes(needed)) {
      refused(operator.name().value(), call, "role");
      throw new Problem(
          403,
          "role",
          "this call needs the role "
              + needed.word()
              + ", and '"
              + operator.name()
              + "' is "
              + operator.role().word());
    }
  }

  private void refused(String actor, String subject, String reason) {
    events.accept(
        SecurityEvent.of(
            clock.instant(), EventType.OPERATOR_REFUSED, actor, subject, Map.of("reason", reason)));
  }
}
