package io.sallyport.conformance.attacks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A wire that hands on what a client sends in packets of one byte. */
final class TricklingWire implements AutoCloseable {
  private final ServerSocket door;
  private final int target;

  private TricklingWire(ServerSocket door, int target) {
    this.door = door;
    this.target = target;
  }

  static TricklingWire to(int port) throws IOException {
    var wire = new TricklingWire(new ServerSocket(0, 9, InetAddress.getLoopbackAddress()), port);
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
        Thread.ofPlatform().daemon().start(() -> trickle(near, far));
        Thread.ofPlatform().daemon().start(() -> carry(far, near));
      }
    } catch (IOException _) {
      // The door is closed.
    }
  }

  private static void trickle(Socket from, Socket to) {
    try (from;
        to) {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      for (var b = in.read(); b >= 0; b = in.read()) {
        out.write(b);
      }
    } catch (IOException _) {
      // One of them is gone.
    }
  }

  private static void carry(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // One of them is gone.
    }
  }
}
