package io.sallyport.conformance.oracle;

/**
 * One message as a subscriber heard it.
 *
 * @param topic the topic name
 * @param payload who wrote it and his how manieth it was, as {@code writer:number}
 * @param qos of the delivery
 * @param retain the RETAIN flag of the delivery
 */
record Heard(String topic, String payload, int qos, boolean retain) {
  /** Messages keep their order within one of these. */
  String stream() {
    return topic + " by " + payload.replaceFirst(":.*", "");
  }
}
