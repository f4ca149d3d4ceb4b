package io.sallyport.cli.observation;

import io.sallyport.cli.server.ControlClient;
import io.sallyport.cli.terminal.Failure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say whom a command is about: one device or backend, or one group. */
final class Whom {
  @Option(names = "--device", paramLabel = "ID", description = "That device or backend.")
  private @Nullable String device;

  @Option(names = "--group", paramLabel = "GROUP", description = "The members of that group.")
  private @Nullable String group;

  boolean isGiven() {
    return device != null || group != null;
  }

  /** The path of it, which must be one thing and no other. */
  String path() {
    if ((device == null) == (group == null)) {
      throw Failure.badInput("give --device or --group");
    }
    return "observations/" + kind() + "/" + ControlClient.segment(name());
  }

  /** A parameter of a query. */
  String query() {
    if (device != null && group != null) {
      throw Failure.badInput("give --device or --group, not both");
    }
    return "&" + kind() + "=" + ControlClient.segment(name());
  }

  private String kind() {
    return device == null ? "group" : "principal";
  }

  private String name() {
    var name = device == null ? group : device;
    if (name == null || name.isBlank() || name.equals(".") || name.equals("..")) {
      throw Failure.badInput("'" + name + "' is no name");
    }
    return name;
  }

  /** As people say it. */
  String words() {
    return device == null ? "group " + group : String.valueOf(device);
  }
}
