package io.sallyport.control.commands;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What is known of a command. */
public enum CommandStatus {
  /** It has not left, or waits for the challenge of a device without a clock. */
  PENDING,
  /** The exchange, or the broker, took it; whether the device has it only a receipt says. */
  DELIVERED,
  /** The device did it. */
  EXECUTED,
  /** The device tried, or does not know any more what came of it. */
  FAILED,
  /** The device refused it. */
  REFUSED,
  /** Its time ended without an answer. */
  EXPIRED,
  /** Taken back, or ended with the device's revocation. */
  CANCELLED;

  /** The lower-case word in tables and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it may still be done by what the server does. */
  public boolean isOpen() {
    return this == PENDING || this == DELIVERED;
  }

  /** The status of that word. */
  public static Optional<CommandStatus> ofWord(String word) {
    return Stream.of(values()).filter(status -> status.word().equals(word)).findFirst();
  }
}
