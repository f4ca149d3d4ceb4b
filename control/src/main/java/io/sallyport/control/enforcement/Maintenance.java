package io.sallyport.control.enforcement;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an operator does to the running process as such, and how far it has come. */
public interface Maintenance {
  /** No server runs: there is nothing to reload and nobody to send away. */
  Maintenance NONE =
      new Maintenance() {
        private static final String NO_SERVER = "no server runs";

        @Override
        public Reload reload(String actor) {
          return new Reload.Kept(NO_SERVER);
        }

        @Override
        public Map<String, Object> reloadStatus() {
          return Map.of();
        }

        @Override
        public boolean drain(DrainOrder order, String actor) {
          return false;
        }

        @Override
        public boolean undrain(String actor) {
          return false;
        }

        @Override
        public Map<String, Object> drainStatus() {
          return Map.of("draining", false);
        }
      };

  /** What became of a reload: all of it, or nothing. */
  sealed interface Reload {
    /**
     * It is in force.
     *
     * @param changed keys that have another value now
     * @param waiting keys that have another value in the file, and get it at the next start
     */
    record Applied(List<String> changed, List<String> waiting) implements Reload {
      public Applied {
        changed = List.copyOf(changed);
        waiting = List.copyOf(waiting);
      }
    }

    /** Everything is as it was, because of this. */
    record Kept(String why) implements Reload {}
  }

  /**
   * How devices are sent away.
   *
   * @param to the server that they are told to go to, or null: nowhere else
   * @param moved whether they are to go there from now on
   * @param perSecond most devices in a second, or null for what is configured
   */
  record DrainOrder(@Nullable String to, boolean moved, @Nullable Integer perSecond) {}

  /** Reads configuration and certificates again; a bad one leaves everything as it is. */
  Reload reload(String actor);

  /** How the last reload ended, and what certificate is shown. */
  Map<String, Object> reloadStatus();

  /** Lets nobody in any more and sends away who is connected; false if there is no gate. */
  boolean drain(DrainOrder order, String actor);

  /** Lets devices in again; false if they were. */
  boolean undrain(String actor);

  /**
   * What a load balancer is told: {@code up}, {@code draining}, or {@code closed} when nobody is
   * let in.
   */
  default String health() {
    return Boolean.TRUE.equals(drainStatus().get("draining")) ? "draining" : "up";
  }

  /**
   * How it is about the certificate for public names; {@code enabled} says whether there is one.
   */
  default Map<String, Object> publicCertificateStatus() {
    return Map.of("enabled", false);
  }

  /** Orders another such certificate, which goes on when this returns; false if there is none. */
  default boolean renewPublicCertificate(String actor) {
    return false;
  }

  /** Whether devices are sent away, and how many are left. */
  Map<String, Object> drainStatus();
}
