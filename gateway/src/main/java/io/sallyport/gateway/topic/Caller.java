package io.sallyport.gateway.topic;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who calls a service. Nobody is let in by what is said here: it is for the service to ask what it
 * is worth.
 *
 * @param source the address it comes from, without the port
 * @param clientId what it calls itself in CONNECT: its own word, of 0 to 128 characters
 * @param introduction certificates that it showed, its own first; only that it has their key is
 *     proven
 */
public record Caller(String source, String clientId, List<X509Certificate> introduction) {
  public Caller {
    introduction = List.copyOf(introduction);
  }
}
