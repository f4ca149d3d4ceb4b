package io.sallyport.conformance.oracle;

import java.util.List;

/** One client of a scenario, in either version of the protocol. */
interface Peer {
  /**
   * Connects, and says whether a session was present.
   *
   * @param lasting whether the session is resumed and outlives the connection
   */
  boolean connect(boolean lasting) throws Exception;

  void disconnect() throws Exception;

  void publish(String topic, String payload, int qos, boolean retain) throws Exception;

  /** Subscribes, and gives the answer's code. */
  int subscribe(String filter, int qos) throws Exception;

  void unsubscribe(String filter) throws Exception;

  /** Everything heard since the first connection, in order. */
  List<Heard> heard();
}
