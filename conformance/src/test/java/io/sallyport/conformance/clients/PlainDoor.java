package io.sallyport.conformance.clients;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * A door in plain TCP for clients that speak no TLS: each connection goes on as the identity that
 * belongs to the client id of its CONNECT, byte for byte.
 */
final class PlainDoor implements AutoCloseable {
  private static final int CONNECT_MAX = 4096;

  private final ServerSocket door;
  private final Function<String, Socket> identities;

  private PlainDoor(ServerSocket door, Function<String, Socket> identities) {
    this.door = door;
    this.identities = identities;
  }

  static PlainDoor open(Function<String, Socket> identities) {
    try {
      var opened =
          new PlainDoor(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), identities);
      Thread.ofPlatform().daemon().start(opened::accept);
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
        Thread.ofPlatform().daemon().start(() -> serve(near));
      }
    } catch (IOException _) {
      // The door is closed.
    }
  }

  private void serve(Socket near) {
    try (near) {
      near.setTcpNoDelay(true);
      var in = new BufferedInputStream(near.getInputStream(), CONNECT_MAX);
      try (var far = identities.apply(clientId(in))) {
        Thread.ofPlatform().daemon().start(() -> carry(far, near));
        forward(in, far.getOutputStream());
      }
    } catch (IOException _) {
      // One of the two is gone, and so is the other.
    }
  }

  /** Looks at the client id and leaves the packet where it is. */
  private static String clientId(BufferedInputStream in) throws IOException {
    in.mark(CONNECT_MAX);
    var packet = new DataInputStream(in);
    packet.readUnsignedByte();
    while (packet.readUnsignedByte() >= 0x80) {
      // The length of what follows is the gate's to check.
    }
    text(packet);
    var level = packet.readUnsignedByte();
    packet.skipNBytes(3);
    if (level >= 5) {
      packet.skipNBytes(variable(packet));
    }
    var clientId = text(packet);
    in.reset();
    return clientId;
  }

  private static int variable(DataInputStream packet) throws IOException {
    var length = 0;
    var shift = 0;
    int b;
    do {
      b = packet.readUnsignedByte();
      length |= (b & 0x7F) << shift;
      shift += 7;
    } while (b >= 0x80);
    return length;
  }

  private static String text(DataInputStream packet) throws IOException {
    var utf8 = new byte[packet.readUnsignedShort()];
    packet.readFully(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static void forward(InputStream from, OutputStream to) throws IOException {
    var buffer = new byte[8192];
    for (var n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      to.write(buffer, 0, n);
      to.flush();
    }
  }

  private static void carry(Socket from, Socket to) {
    try {
      forward(from.getInputStream(), to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      // What came before it was carried.
    }
  }
}
