package io.sallyport.conformance.attacks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;

/** A wire between a client and the gate, and what becomes on it of what the client sends. */
final class Wire implements AutoCloseable {
  private final ServerSocket door;
  private final int target;
  private final Carriage there;

  /** How the client's bytes are carried, until either side is gone. */
  private interface Carriage {
    void carry(Socket from, Socket to) throws IOException;
  }

  private Wire(ServerSocket door, int target, Carriage there) {
    this.door = door;
    this.target = target;
    this.there = there;
  }

  /** Keeps the first bytes that each client sends, in the order in which they come. */
  static Wire recording(int port, List<byte[]> flights) throws IOException {
    return to(
        port,
        (from, to) -> {
          var buffer = new byte[16 << 10];
          var read = from.getInputStream().read(buffer);
          var flight = Arrays.copyOf(buffer, Math.max(0, read));
          flights.add(flight);
          to.getOutputStream().write(flight);
          from.getInputStream().transferTo(to.getOutputStream());
        });
  }

  /** Hands on what a client sends in packets of one byte. */
  static Wire trickling(int port) throws IOException {
    return to(
        port,
        (from, to) -> {
          var in = from.getInputStream();
          var out = to.getOutputStream();
          for (var b = in.read(); b >= 0; b = in.read()) {
            out.write(b);
          }
        });
  }

  private static Wire to(int port, Carriage there) throws IOException {
    var wire = new Wire(new ServerSocket(0, 9, InetAddress.getLoopbackAddress()), port, there);
    Thread.ofPlatform().daemon().start(wire::accept);
    return wire;
  }

  int port() {
    return door.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    door.close();
  }

  private void accept() {
    try {
      while (true) {
        var near = door.accept();
        var far = new Socket(InetAddress.getLoopbackAddress(), target);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        Thread.ofPlatform().daemon().start(() -> carry(near, far, there));
        Thread.ofPlatform().daemon().start(() -> carry(far, near, Wire::whole));
      }
    } catch (IOException _) {
      // The door is closed.
    }
  }

  private static void whole(Socket from, Socket to) throws IOException {
    from.getInputStream().transferTo(to.getOutputStream());
  }

  private static void carry(Socket from, Socket to, Carriage how) {
    try (from;
        to) {
      how.carry(from, to);
    } catch (IOException _) {
      // One of them is gone.
    }
  }
}
