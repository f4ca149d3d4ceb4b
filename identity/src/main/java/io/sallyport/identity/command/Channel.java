package io.sallyport.identity.command;

/** The ways that a command can come to a device. */
public enum Channel {
  /** {@code devices/<id>/commands}. */
  COMMANDS,
  /** {@code $aws/commands/things/<id>/executions/…}. */
  AWS_COMMANDS,
  /** At the device itself: a serial line, a service tool. */
  LOCAL
}
