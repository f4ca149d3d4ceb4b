package io.sallyport.control.enforcement;

import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.identity.PrincipalId;
import java.util.List;

/** The enforcement point as control sees it: told of every change of trust, and able to cut. */
public interface Enforcement {
  /** Nobody to tell: an offline command, or a start that has not come so far. */
  Enforcement NOBODY =
      new Enforcement() {
        @Override
        public void trustChanged(PrincipalRecord principal) {}

        @Override
        public List<ReceiptStep> cut(PrincipalId id, CutReason why) {
          return List.of();
        }
      };

  /** A principal is new, or its standing, certificates, policies or attributes changed. */
  void trustChanged(PrincipalRecord principal);

  /**
   * Ends everything of a principal: sockets, TLS tickets, sessions, queues, messages in flight,
   * wills and retained messages. Blocks until all has ended; may be repeated.
   */
  List<ReceiptStep> cut(PrincipalId id, CutReason why);
}
