package io.sallyport.gateway.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslServerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Certificates that prove to an ACME server that a name leads here (RFC 8737), for as long as it is
 * asked to look.
 */
public final class Validations implements AutoCloseable {
  /** Bound: names that are being proven at once. */
  public static final int NAMES_MAX = 100;

  private final Map<String, ReferenceCountedOpenSslServerContext> contexts = new HashMap<>();

  /** Answers for a name with that certificate, instead of one of before. */
  public void begin(String name, ServerCredentials proof) {
    var context = GateTls.validationContext(proof);
    @Nullable ReferenceCountedOpenSslServerContext before;
    synchronized (this) {
      if (contexts.size() >= NAMES_MAX) {
        ReferenceCountUtil.release(context);
        throw new IllegalStateException("more than " + NAMES_MAX + " names are being proven");
      }
      before = contexts.put(name.toLowerCase(Locale.ROOT), context);
    }
    ReferenceCountUtil.release(before);
  }

  /** Does not answer for a name any more. */
  public void end(String name) {
    @Nullable ReferenceCountedOpenSslServerContext before;
    synchronized (this) {
      before = contexts.remove(name.toLowerCase(Locale.ROOT));
    }
    ReferenceCountUtil.release(before);
  }

  /** For the caller to release; null if that is no name that is being proven. */
  synchronized @Nullable ReferenceCountedOpenSslServerContext held(@Nullable String name) {
    var found = name == null ? null : contexts.get(name.toLowerCase(Locale.ROOT));
    return found == null ? null : (ReferenceCountedOpenSslServerContext) found.retain();
  }

  @Override
  public synchronized void close() {
    contexts.values().forEach(ReferenceCountUtil::release);
    contexts.clear();
  }
}
