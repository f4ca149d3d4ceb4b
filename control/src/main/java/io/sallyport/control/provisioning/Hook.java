package io.sallyport.control.provisioning;

import java.util.Map;

/** Somebody who is asked before a thing is registered, as the Lambda function of AWS IoT is. */
public interface Hook {
  /**
   * What is known of the device that asks.
   *
   * @param claim the name of the claim
   * @param claimCertificateId the SHA-256 of the claim's certificate in hexadecimal
   * @param certificateId that of the certificate which would become usable
   */
  record Question(
      String claim,
      String claimCertificateId,
      String certificateId,
      String certificatePem,
      String template,
      String clientId,
      Map<String, String> parameters) {
    public Question {
      parameters = Map.copyOf(parameters);
    }
  }

  /** What it says. */
  sealed interface Verdict {
    /** The device may be provisioned, with these parameters above its own. */
    record Allowed(Map<String, String> overrides) implements Verdict {
      public Allowed {
        overrides = Map.copyOf(overrides);
      }
    }

    /** It may not. */
    record Denied() implements Verdict {}

    /**
     * There was no answer that counts: nobody is let in.
     *
     * @param why for operators, never with a secret in it
     */
    record Failed(String why) implements Verdict {}

    /** Too many are asked about at once. */
    record Busy() implements Verdict {}
  }

  /** Asks, and waits for the answer. */
  Verdict ask(Question question);
}
