package io.sallyport.agent.tls;

import java.security.cert.CertificateException;

/** The server is not the one that the device was made for; nothing was said to it. */
public final class ServerUntrusted extends CertificateException {
  private static final long serialVersionUID = 1L;

  ServerUntrusted(String message, Throwable cause) {
    super(message, cause);
  }

  ServerUntrusted(String message) {
    super(message);
  }
}
