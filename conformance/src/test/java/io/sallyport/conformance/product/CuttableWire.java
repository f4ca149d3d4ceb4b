package io.sallyport.conformance.product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A wire between client and server that can be cut without either of them taking leave. */
public final class CuttableWire implements AutoCloseable {
  private final ServerSocket door;
  private final int target;
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  private CuttableWire(ServerSocket door, int target) {
    this.door = door;
    this.target = target;
  }

  /** A wire to a port of this machine. */
  public static CuttableWire to(int port) {
    try {
      var wire = new CuttableWire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
      Thread.ofPlatform().daemon().start(wire::accept);
      return wire;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return door.getLocalPort();
  }

  /** Cuts every connection with a reset, as a network that fails does. */
  public void cut() {
    for (var socket = open.poll(); socket != null; socket = open.poll()) {
      reset(socket);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException _) {
      // Nobody can come in any more either way.
    }
    cut();
  }

  private void accept() {
    try {
      while (true) {
        var near = door.accept();
        var far = new Socket(InetAddress.getLoopbackAddress(), target);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        open.add(near);
        open.add(far);
        Thread.ofPlatform().daemon().start(() -> carry(near, far));
        Thread.ofPlatform().daemon().start(() -> carry(far, near));
      }
    } catch (IOException _) {
      // The door is closed.
    }
  }

  private static void carry(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      reset(to);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException _) {
      // It is gone already.
    }
  }
}
