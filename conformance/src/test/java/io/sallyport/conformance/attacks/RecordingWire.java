package io.sallyport.conformance.attacks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire on which somebody listens: it keeps the first bytes that each client sends. */
final class RecordingWire implements AutoCloseable {
  private final ServerSocket door;
  private final int target;
  private final List<byte[]> flights = new CopyOnWriteArrayList<>();

  private RecordingWire(ServerSocket door, int target) {
    this.door = door;
    this.target = target;
  }

  static RecordingWire to(int port) throws IOException {
    var wire = new RecordingWire(new ServerSocket(0, 9, InetAddress.getLoopbackAddress()), port);
    Thread.ofPlatform().daemon().start(wire::accept);
    return wire;
  }

  int port() {
    return door.getLocalPort();
  }

  /** The first flights, in the order of the connections. */
  List<byte[]> flights() {
    return flights;
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
        var buffer = new byte[16 << 10];
        var read = near.getInputStream().read(buffer);
        var flight = Arrays.copyOf(buffer, Math.max(0, read));
        flights.add(flight);
        far.getOutputStream().write(flight);
        Thread.ofPlatform().daemon().start(() -> carry(near, far));
        Thread.ofPlatform().daemon().start(() -> carry(far, near));
      }
    } catch (IOException _) {
      // The door is closed.
    }
  }

  private static void carry(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // One of them is gone.
    }
  }
}
