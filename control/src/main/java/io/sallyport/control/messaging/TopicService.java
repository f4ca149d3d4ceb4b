package io.sallyport.control.messaging;

import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * A service that is spoken to by messages. Requests of several devices are worked on in one
 * transaction, and what is to be published leaves when that is durable.
 */
public interface TopicService {
  /** Why a request was not worked on. */
  enum Trouble {
    /** Too many wait already. */
    BUSY,
    /** The database failed: nothing was done. */
    BROKEN
  }

  /** Its name, a word for metrics and logs. */
  String name();

  /** The topic filters of its requests, without a share group. */
  List<String> filters();

  /**
   * Works on one request; it never throws for what a device sent.
   *
   * @param handle of the transaction, which may hold other requests too, and may run again from its
   *     start: so nothing but the database is changed here
   * @return what is published once the transaction is durable, in this order
   */
  List<Publication> answer(Handle handle, Request request);

  /** What is published when a request was not worked on; nothing is written. */
  List<Publication> refusal(Request request, Trouble trouble);
}
