package io.sallyport.control.rotation;

import io.sallyport.control.enrolment.Enrolment.Refused;
import io.sallyport.control.enrolment.Enrolment.Why;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.control.messaging.Publication;
import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.rotation.RotationShadow.Desired;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.PublicKeyHash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What stands for a rotation's answer while its certificate is made. The ask is bound to one key in
 * the transaction that reserves the serial, and is answered in the one that makes the certificate
 * active: so that there is one certificate for each nonce, however many ask for it at once, and a
 * crash between the two leaves an ask that the same key may answer again.
 */
final class Answering implements Warrant {
  /** The way by which a device is told of its certificate in its shadow. */
  static final String SHADOW = "shadow";

  // Whose signing takes longer has crashed; as long as Upkeep waits before it gives serials up.
  private static final Duration SIGNING_MAX = Duration.ofMinutes(10);

  private final Means means;
  private final Fingerprint shown;
  private final @Nullable String nonce;
  private final boolean tells;
  private List<Publication> publications = List.of();

  /**
   * What every answer needs.
   *
   * @param nonces new ones
   * @param proofMax how long a certificate waits for its proof
   * @param post where publications leave
   */
  record Means(
      RotationShadow shadow,
      Supplier<String> nonces,
      Duration proofMax,
      Consumer<List<Publication>> post) {}

  /**
   * @param shown the certificate that is to be followed
   * @param nonce of the ask that it answers; null for any that there is
   */
  Answering(Means means, Fingerprint shown, @Nullable String nonce, String way) {
    this.means = means;
    this.shown = shown;
    this.nonce = nonce;
    this.tells = way.equals(SHADOW);
  }

  @Override
  public boolean isAgain(Handle handle, PrincipalId id, PublicKeyHash key) {
    return waiting(handle, id).filter(open -> key.equals(open.key())).isPresent();
  }

  @Override
  public Optional<Refused> spend(Handle handle, PrincipalId id, PublicKeyHash key, Instant now) {
    var open = waiting(handle, id);
    if (open.isEmpty()) {
      return nonce == null ? Optional.empty() : notWaiting(id);
    }
    var stale = now.minus(SIGNING_MAX);
    if (!RotationTable.take(handle, open.get().nonce(), key, stale, now)) {
      return refused(id, "nonce-spent", "another key answers this already");
    }
    return Optional.empty();
  }

  @Override
  public Optional<Refused> confirm(Handle handle, PrincipalId id, Instant now) {
    return nonce == null || waiting(handle, id).isPresent() ? Optional.empty() : notWaiting(id);
  }

  /** The ask that this answers, if it waits for one still. */
  private Optional<RotationRecord> waiting(Handle handle, PrincipalId id) {
    return RotationTable.open(handle, id)
        .filter(open -> nonce == null || open.nonce().equals(nonce))
        .filter(open -> open.state() == RotationState.DUE || open.state() == RotationState.ASKED);
  }

  @Override
  public void succeeded(Handle handle, PrincipalId id, CertificateRecord certificate, Instant now) {
    var open = RotationTable.open(handle, id).orElseGet(() -> begun(handle, id, certificate, now));
    var withdrawAt = now.plus(means.proofMax());
    RotationTable.issued(handle, open.nonce(), certificate.fingerprint(), now, withdrawAt);
    var asked = open.askedAt();
    if (asked == null) {
      // It was never told anything in its shadow.
      publications = List.of();
      return;
    }
    var wanted =
        tells ? new Desired(open.nonce(), asked, open.rotateBy(), certificate.pem(), null) : null;
    publications = means.shadow().desire(handle, now, id, wanted);
  }

  /** The device came by itself: a rotation of its own, for which the pace does not matter. */
  private RotationRecord begun(
      Handle handle, PrincipalId id, CertificateRecord certificate, Instant now) {
    var nonce = means.nonces().get();
    var old =
        Certificates.of(handle, PrincipalKind.DEVICE, id).stream()
            .filter(one -> one.fingerprint().equals(shown))
            .findFirst();
    var until = old.map(CertificateRecord::notAfter).orElse(certificate.notAfter());
    RotationTable.insert(
        handle, nonce, id, 0, RotationRecord.BY_DEVICE, shown, until, until, now, now);
    return RotationTable.open(handle, id).orElseThrow();
  }

  @Override
  public void committed() {
    means.post().accept(publications);
  }

  private static Optional<Refused> notWaiting(PrincipalId id) {
    return refused(id, "nonce-spent", "this was answered, or is over");
  }

  private static Optional<Refused> refused(PrincipalId id, String reason, String detail) {
    return Optional.of(new Refused(id.value(), Why.UNACCEPTABLE, reason, detail));
  }
}
