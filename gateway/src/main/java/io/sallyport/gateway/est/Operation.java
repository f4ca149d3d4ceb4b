package io.sallyport.gateway.est;

import java.util.Arrays;
import java.util.Optional;

/**
 * The operations of RFC 7030 that are served. Server-side key generation and Full CMC are not:
 * devices' keys stay on devices.
 */
public enum Operation {
  CACERTS("cacerts", "GET"),
  SIMPLEENROLL("simpleenroll", "POST"),
  SIMPLEREENROLL("simplereenroll", "POST"),
  CSRATTRS("csrattrs", "GET");

  private final String word;
  private final String method;

  Operation(String word, String method) {
    this.word = word;
    this.method = method;
  }

  /** Its last part of the path. */
  public String word() {
    return word;
  }

  String method() {
    return method;
  }

  static Optional<Operation> of(String word) {
    return Arrays.stream(values()).filter(operation -> operation.word.equals(word)).findFirst();
  }
}
