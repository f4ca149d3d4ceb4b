package io.sallyport.control.provisioning;

/**
 * What a rejected request is told. AWS documents the form ({@code statusCode}, {@code errorCode},
 * {@code errorMessage}) and not all words; those that its devices have met are the same here.
 */
public enum ErrorCode {
  INVALID_PAYLOAD(400, "InvalidPayload"),
  INVALID_CSR(400, "InvalidCsr"),
  INVALID_TOKEN(400, "InvalidCertificateOwnershipToken"),
  INVALID_PARAMETERS(400, "InvalidParameters"),
  ACCESS_DENIED(403, "AccessDenied"),
  RESOURCE_REGISTRATION_FAILURE(409, "ResourceRegistrationFailure"),
  THROTTLED(429, "Throttled"),
  INTERNAL_FAILURE(500, "InternalServerError");

  private final int status;
  private final String word;

  ErrorCode(int status, String word) {
    this.status = status;
    this.word = word;
  }

  /** As an HTTP status. */
  public int status() {
    return status;
  }

  /** As devices read it. */
  public String word() {
    return word;
  }
}
