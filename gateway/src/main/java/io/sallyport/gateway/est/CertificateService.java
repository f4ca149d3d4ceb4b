package io.sallyport.gateway.est;

import io.sallyport.gateway.tls.VerifiedDevice;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The desk as the EST door knows it; its calls block, and come from threads that may wait. */
public interface CertificateService {
  /** Whether a label of the path is the name of an authority; without a label it is our first. */
  boolean knows(String label);

  /**
   * The authorities that devices are to trust, issuers before links between roots before roots.
   *
   * @param asking whom its certificate let in; null if it showed none
   */
  List<X509Certificate> caCertificates(@Nullable VerifiedDevice asking);

  /** What a request must hold, as the DER of a CsrAttrs; empty if there is nothing to say. */
  byte[] csrAttributes();

  /** Whether somebody who shows nothing may ask: an operator decides then. */
  boolean takesStrangers();

  /** Whether a certificate of another authority than ours may introduce somebody. */
  boolean takesManufacturers();

  /** How long ago a device's certificate may have expired that comes here to be renewed. */
  Duration expiredMax();

  /** Somebody who is not known yet asks for the first certificate. */
  EstAnswer enrol(Applicant applicant, byte[] request);

  /** A device asks for the successor of the certificate that it shows. */
  EstAnswer reenrol(Applicant applicant, byte[] request);

  /**
   * A device asks for the successor of a certificate that has expired.
   *
   * @param expired whom it names; only its path, its age and that its key is there are proven
   */
  EstAnswer reenrolExpired(String source, VerifiedDevice expired, byte[] request);
}
