package io.sallyport.cli.command;

import io.sallyport.cli.terminal.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A policy, and who has it or is to have it: a device or backend, or a group. */
public final class Attachment {
  @Parameters(index = "0", paramLabel = "NAME", description = "The policy.")
  private String policy = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ID",
      description = "The device or backend.")
  private @Nullable String id;

  @Option(names = "--group", paramLabel = "GROUP", description = "The group, instead of an ID.")
  private @Nullable String group;

  String policy() {
    return policy;
  }

  /** The group, or null if it is a device or backend. */
  @Nullable String group() {
    if ((id == null) == (group == null)) {
      throw Failure.badInput("give an ID or --group GROUP");
    }
    return group;
  }

  /** The device or backend. */
  String id() {
    if (id == null) {
      throw Failure.badInput("give an ID or --group GROUP");
    }
    Principal.requireId(id);
    return id;
  }
}
