package io.sallyport.identity.rotation.device;

/** What happens to a device. Each may come twice, late, or not at all. */
public sealed interface DeviceEvent {

  /** The device started; nothing is connected. Always the first event. */
  record Restarted() implements DeviceEvent {}

  /** The server asks for a new credential. */
  record Asked(Ask ask) implements DeviceEvent {}

  /** Key and number are stored durably. */
  record KeyMade(long generation) implements DeviceEvent {}

  /**
   * A certificate came, has been checked, and its chain is stored durably under the number.
   *
   * @param check what the check said
   */
  record Certified(long generation, CertificateCheck check) implements DeviceEvent {}

  /**
   * The server refuses the request for a certificate.
   *
   * @param generation the number of the key
   */
  record RequestRefused(long generation) implements DeviceEvent {}

  /** The server accepted this credential: CONNACK with success. Other connections are over. */
  record Connected(long generation) implements DeviceEvent {}

  /** An attempt failed. A connection by another credential that stood before still does. */
  record ConnectFailed(long generation, Refusal refusal) implements DeviceEvent {}

  /** The door for expired credentials did not open for this one, or broke without an answer. */
  record RenewalFailed(long generation, Refusal refusal) implements DeviceEvent {}

  /** The connection that was made with this credential is over. */
  record Disconnected(long generation) implements DeviceEvent {}

  /** The time of the {@link DeviceEffect.WakeAfter} with this ticket is over. */
  record Woken(long ticket) implements DeviceEvent {}
}
