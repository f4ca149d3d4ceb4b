package io.sallyport.gateway.est;

import io.sallyport.gateway.tls.VerifiedDevice;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection as the EST door sees it: who it is, and what becomes of its socket. */
public interface EstVisitor {
  /** Whom its certificate let in; null if it showed none. */
  @Nullable VerifiedDevice device();

  /** Whom its certificate names that has expired and may be renewed; null for all others. */
  @Nullable VerifiedDevice expired();

  /**
   * The certificates by which it introduces itself, its own first, and which let nobody in; empty
   * if there are none.
   */
  List<X509Certificate> introduction();

  /** The address it comes from, without the port. */
  String source();

  /** Whether anybody is let in at this moment. */
  boolean isServed();

  /** It may send a request, and must have done so in its time. */
  void awaits();

  /** It has sent one: what takes time now is ours. */
  void works();

  /** It tried what it may not: counts against its source. */
  void failed(String reason);

  /** It is told everything: its connection ends. */
  void leaves();
}
