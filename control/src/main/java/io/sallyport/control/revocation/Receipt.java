package io.sallyport.control.revocation;

import io.sallyport.control.enforcement.ReceiptStep;
import io.sallyport.control.gateways.GatewayAnswer;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.Serial;
import java.time.Instant;
import java.util.List;

/**
 * What was ended when somebody was put out, kept in the registry and in the ledger.
 *
 * @param action {@code revoke} or {@code quarantine}
 * @param at when the registry had changed, from which moment nobody got in
 * @param ms from then until the last thing had ended
 * @param gateways what the other gateways on the same database did, or that they did not tell
 * @param certificates that were revoked, or for a quarantine none
 * @param ledgerSequence of the record that holds this receipt
 */
public record Receipt(
    PrincipalId principal,
    String action,
    String reason,
    Instant at,
    double ms,
    List<Serial> certificates,
    List<ReceiptStep> steps,
    List<GatewayAnswer> gateways,
    long ledgerSequence) {
  public Receipt {
    certificates = List.copyOf(certificates);
    steps = List.copyOf(steps);
    gateways = List.copyOf(gateways);
  }
}
