package io.sallyport.cli.enrolment;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Failure;
import java.util.regex.Pattern;

/** Where devices connect, as the server says; it goes into shell lines, so it is read strictly. */
record Gate(String host, int port) {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");
  private static final int PORT_MAX = 65_535;

  Gate {
    if (!HOST.matcher(host).matches() || host.startsWith("-") || port < 1 || port > PORT_MAX) {
      throw Failure.unavailable("the server names no usable address of its gateway");
    }
  }

  static Gate read(Answer answer) {
    var gateway = answer.object("gateway");
    return new Gate(gateway.text("host"), Math.clamp(gateway.number("port"), 0, PORT_MAX + 1));
  }

  /** As openssl takes it. */
  String hostAndPort() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
