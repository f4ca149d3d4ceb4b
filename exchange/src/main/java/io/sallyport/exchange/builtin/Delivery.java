package io.sallyport.exchange.builtin;

import io.sallyport.exchange.Message;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** One message on its way to one session; guarded by that session's lock but for its storage. */
final class Delivery {
  /** How far it has come. */
  enum Phase {
    /** Waits in the queue. */
    QUEUED,
    /**
     * QoS 2 to a persistent session: its packet id is being made durable, it must not leave yet.
     */
    SECURING,
    /** QoS 2 to a persistent session: its packet id is durable, it may leave. */
    SECURED,
    /** Sent, not acknowledged. */
    SENT,
    /** QoS 2 to a persistent session: received, which is being made durable. */
    RELEASING,
    /** QoS 2: received, waits for PUBCOMP. */
    RELEASED,
    /** Acknowledged, dropped or withdrawn. */
    DONE
  }

  private static final int UNWRITTEN = 0;
  private static final int WRITTEN = 1;
  private static final int CANCELLED = 2;
  private static final VarHandle STORAGE;

  static {
    try {
      STORAGE = MethodHandles.lookup().findVarHandle(Delivery.class, "storage", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final SessionState session;
  final Message message;
  final int qos;
  final boolean retain;
  final int @Nullable [] identifiers;

  /** What it is stored with, or null when it lives in memory only. */
  final @Nullable Publication publication;

  long sequence;
  int packetId;
  Phase phase = Phase.QUEUED;
  boolean dup;

  /**
   * Whether it may have been sent by a process that was killed: the receiver may know it, under a
   * packet id that nobody else does.
   */
  boolean doubtful;

  /** Whether it counts against the receive maximum of the present connection. */
  boolean admitted;

  /** Whether the publication was counted down for it; only for the journal's thread. */
  boolean forgotten;

  private volatile int storage;

  Delivery(
      SessionState session,
      Message message,
      int qos,
      boolean retain,
      int @Nullable [] identifiers,
      @Nullable Publication publication) {
    this.session = session;
    this.message = message;
    this.qos = qos;
    this.retain = retain;
    this.identifiers = identifiers;
    this.publication = publication;
  }

  boolean isDurable() {
    return publication != null;
  }

  /** Whether the store shall write it: false when it was acknowledged before it came to that. */
  boolean claimForWriting() {
    return STORAGE.compareAndSet(this, UNWRITTEN, WRITTEN);
  }

  /** Whether it was ended before the store wrote it, so that nothing has to be deleted. */
  boolean cancelWriting() {
    return STORAGE.compareAndSet(this, UNWRITTEN, CANCELLED);
  }

  boolean isUnwritten() {
    return storage == UNWRITTEN;
  }

  boolean canExpire() {
    return message.expiresAtMillis() != Message.NEVER;
  }

  boolean isExpired(long nowMillis) {
    return message.expiresAtMillis() <= nowMillis;
  }
}
