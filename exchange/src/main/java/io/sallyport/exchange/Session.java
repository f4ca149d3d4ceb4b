package io.sallyport.exchange;

import java.util.List;
import java.util.function.Predicate;

/**
 * The gateway's hold on one open session: what a decided packet of the client becomes.
 *
 * <p>Every method is called on the connection's own thread ({@link Outlet#executor}), except {@link
 * #revalidate}. Answers come through the {@link Outlet}, on the same thread, in the order that MQTT
 * asks for. Nothing is acknowledged before it is where it must survive.
 */
public interface Session {
  /**
   * A PUBLISH. For QoS 1 and 2, {@link Outlet#puback} or {@link Outlet#pubrec} follows once the
   * message is in the receivers' windows, or stored where a receiver is persistent.
   *
   * @param packetId 1 to 65535, or 0 for QoS 0
   * @param dup whether the client says that it sent it before
   */
  void publish(Message message, int packetId, boolean dup);

  /** A PUBREL; {@link Outlet#pubcomp} follows. */
  void pubrel(int packetId);

  /** A PUBACK for a QoS 1 delivery. */
  void puback(int packetId);

  /** A PUBREC for a QoS 2 delivery; a failure ends the delivery. */
  void pubrec(int packetId, boolean failure);

  /** A PUBCOMP for a QoS 2 delivery. */
  void pubcomp(int packetId);

  /**
   * The allowed filters of one SUBSCRIBE; {@link Outlet#suback} follows with one result each, in
   * order, then retained messages.
   */
  void subscribe(int packetId, List<Subscription> subscriptions);

  /** An UNSUBSCRIBE; {@link Outlet#unsuback} follows with one result each, in order. */
  void unsubscribe(int packetId, List<String> filters);

  /** How many messages wait for the client, for people to look at; from any thread. */
  default int backlog() {
    return 0;
  }

  /** The outlet can take bytes again after it could not. */
  void writable();

  /**
   * A DISCONNECT.
   *
   * @param withWill whether the will is published all the same (MQTT 5 reason 0x04)
   * @param sessionExpirySeconds the new expiry, or -1 to keep that of the opening
   */
  void disconnect(boolean withWill, long sessionExpirySeconds);

  /** The connection ended without a DISCONNECT: the will is due. */
  void lost();

  /**
   * Removes the subscriptions that are no longer allowed. May be called from any thread.
   *
   * @param stillAllowed the decision, by filter as sent
   * @return the filters removed
   */
  List<String> revalidate(Predicate<String> stillAllowed);
}
