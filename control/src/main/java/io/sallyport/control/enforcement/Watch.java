package io.sallyport.control.enforcement;

import io.sallyport.identity.rotation.CertificateUse;
import io.sallyport.policy.Right;
import io.sallyport.policy.activity.Activity;
import java.util.List;
import java.util.Set;

/** What the enforcement point saw of its sessions; each call takes what came since the last one. */
public interface Watch {
  /** Nobody watches: an offline command. */
  Watch NOBODY =
      new Watch() {
        @Override
        public List<Activity> activity() {
          return List.of();
        }

        @Override
        public Set<Right> usage() {
          return Set.of();
        }

        @Override
        public List<CertificateUse> uses() {
          return List.of();
        }
      };

  /** What observed principals were allowed. */
  List<Activity> activity();

  /** Which rights of which policies were used by anybody. */
  Set<Right> usage();

  /** What connections carried, one for each certificate; it may wait for them for a moment. */
  List<CertificateUse> uses();
}
