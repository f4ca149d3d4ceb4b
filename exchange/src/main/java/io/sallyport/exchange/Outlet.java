package io.sallyport.exchange;

import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The exchange's way to one client: implemented by the gateway over a socket, by a test over a
 * list. Called only on {@link #executor}.
 */
public interface Outlet {
  /** What became of a delivery. */
  enum Delivered {
    /** On its way. */
    SENT,
    /** The receiver's policy refuses it: dropped, as if it had been acknowledged. */
    DENIED,
    /** Larger than the client takes (MQTT 5, 3.1.2.11.4): dropped, as if acknowledged. */
    TOO_LARGE
  }

  /** The connection's own thread. */
  Executor executor();

  /**
   * Runs a task on the connection's thread a moment later, well below a millisecond, so that what
   * comes meanwhile can leave with it.
   */
  default void soon(Runnable task) {
    executor().execute(task);
  }

  /** Where the client's connection comes from, if that is known. */
  default @Nullable InetSocketAddress source() {
    return null;
  }

  /**
   * Whether what the client sends finds room: while it does not, the client is not read from, and
   * little more than what has been read already comes.
   */
  default void room(boolean isThere) {}

  /** Whether more may be sent now; when false, {@link Session#writable} is called later. */
  boolean isWritable();

  /** How many QoS 1 and 2 publications the client may leave open; told before the session opens. */
  default void receiveMaximum(int most) {}

  /** The session is open. */
  void connected(boolean sessionPresent);

  /**
   * Sends one message to the client, if its policy still allows.
   *
   * @param packetId 1 to 65535, or 0 for QoS 0
   * @param qos the QoS of this delivery
   * @param retain the RETAIN flag of this delivery
   * @param dup whether this was sent on this session before
   * @param identifiers the subscription identifiers to name, or null for none
   */
  Delivered deliver(
      Message message,
      int packetId,
      int qos,
      boolean retain,
      boolean dup,
      int @Nullable [] identifiers);

  /** Sends PUBREL for a QoS 2 delivery. */
  void pubrel(int packetId);

  void puback(int packetId, Reason reason);

  void pubrec(int packetId, Reason reason);

  void pubcomp(int packetId, Reason reason);

  /** One granted QoS (0, 1, 2) or failure code for each subscription, in order. */
  void suback(int packetId, int[] codes);

  /** One code for each filter, in order. */
  void unsuback(int packetId, int[] codes);

  /** Nothing more comes for now: what was written may leave. */
  void flush();

  /** Ends the connection, telling the client why where its protocol can; the session is gone. */
  void close(Reason reason);
}
