package io.sallyport.identity.rotation.device;

import java.time.Duration;
import java.util.Set;

/**
 * What a device is to do after the state of the step was stored, in the order given. Each may be
 * done twice. What a reboot prevents is asked for again by {@link DeviceEvent.Restarted}.
 */
public sealed interface DeviceEffect {

  /** Make a key, store it under the number in place of what is there, tell {@code KeyMade}. */
  record MakeKey(long generation) implements DeviceEffect {}

  /** Send the request for a certificate over the connection that stands. */
  record SendRequest(long generation, String nonce) implements DeviceEffect {}

  /**
   * Request a certificate at the door for expired credentials.
   *
   * @param with the credential that proves who asks
   * @param generation the new key
   */
  record RenewExpired(long with, long generation) implements DeviceEffect {}

  /**
   * Connect with that credential, beside what is connected; what stands ends by the new connection
   * only, so that a failure costs nothing.
   */
  record Connect(long generation) implements DeviceEffect {}

  /** Delete each key and certificate but those. */
  record KeepOnly(Set<Long> generations) implements DeviceEffect {}

  /**
   * Tell {@code Woken} after that time, measured by no wall clock; the last ticket alone counts.
   */
  record WakeAfter(Duration delay, long ticket) implements DeviceEffect {}

  /** Tell the server, in what the shadow reports, if there is a connection. */
  record Report(Notice notice, String nonce) implements DeviceEffect {}

  /** What a device reports. */
  enum Notice {
    /** A key was made, its certificate is requested. */
    REQUESTED,
    /** The new credential is stored and tried. */
    INSTALLED,
    /** The new credential works. */
    PROVEN,
    /** The certificate was not usable, or the request refused; the old credential stays. */
    FAILED
  }
}
