package io.sallyport.cli.bundle;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.PublicKeyHash;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where devices connect, by which keys they may know it and whom they obey, as the server says; it
 * goes into shell lines and source code, so it is read strictly.
 *
 * @param commands whose commands devices obey; null for those of nobody
 */
public record Gate(String host, int port, List<Pin> pins, @Nullable CommandTrust commands) {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");
  private static final Pattern USE = Pattern.compile("[a-z]{1,16}");
  private static final int PORT_MAX = 65_535;
  // Bound: a server has three.
  private static final int PINS_MAX = 16;

  /** One key of the server. */
  public record Pin(String use, PublicKeyHash key) {
    static Pin read(Answer answer) {
      var use = answer.text("use");
      try {
        if (USE.matcher(use).matches()) {
          return new Pin(use, PublicKeyHash.ofPin(answer.text("pin")));
        }
      } catch (IllegalArgumentException _) {
        // Told below.
      }
      throw Failure.unavailable("the server names a malformed pin");
    }
  }

  public Gate {
    pins = List.copyOf(pins);
    if (!HOST.matcher(host).matches() || host.startsWith("-") || port < 1 || port > PORT_MAX) {
      throw Failure.unavailable("the server names no usable address of its gateway");
    }
  }

  /** What an answer says of the gateway. */
  public static Gate read(Answer answer) {
    var gateway = answer.object("gateway");
    var pins = gateway.json().has("pins") ? pins(gateway) : List.<Pin>of();
    return new Gate(
        gateway.text("host"), Math.clamp(gateway.number("port"), 0, PORT_MAX + 1), pins, null);
  }

  /** The same gate, with the pins that an answer hands out. */
  public Gate with(Answer handedOut) {
    return new Gate(host, port, pins(handedOut), commands);
  }

  /** The same gate, whose devices obey commands. */
  public Gate with(CommandTrust trust) {
    return new Gate(host, port, pins, trust);
  }

  private static List<Pin> pins(Answer answer) {
    var pins = answer.objects("pins");
    if (pins.size() > PINS_MAX) {
      throw Failure.unavailable("the server names more than " + PINS_MAX + " pins");
    }
    return pins.stream().map(Pin::read).toList();
  }

  /** As openssl takes it. */
  public String hostAndPort() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
