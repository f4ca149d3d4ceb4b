package io.sallyport.conformance.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A wire to the gate that keeps what a client sends, to see which records of TLS are among it. */
final class RecordingWire implements AutoCloseable {
  /** Within a record of this type, and no other, MQTT travels. */
  static final int APPLICATION_DATA = 23;

  private final ServerSocket door;
  private final int target;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  RecordingWire(int target) {
    this.target = target;
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().start(this::accept);
  }

  int port() {
    return door.getLocalPort();
  }

  /** The types of the records that the client has sent, in their order. */
  List<Integer> recordTypes() {
    byte[] bytes;
    synchronized (sent) {
      bytes = sent.toByteArray();
    }
    var types = new ArrayList<Integer>();
    for (int at = 0; at + 5 <= bytes.length; ) {
      types.add(bytes[at] & 0xff);
      at += 5 + ((bytes[at + 3] & 0xff) << 8 | (bytes[at + 4] & 0xff));
    }
    return types;
  }

  private void accept() {
    try {
      while (true) {
        var near = door.accept();
        var far = new Socket(InetAddress.getLoopbackAddress(), target);
        Thread.ofPlatform().daemon().start(() -> carry(near, far, true));
        Thread.ofPlatform().daemon().start(() -> carry(far, near, false));
      }
    } catch (IOException _) {
      // The door is closed.
    }
  }

  private void carry(Socket from, Socket to, boolean kept) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      var buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (kept) {
          synchronized (sent) {
            sent.write(buffer, 0, n);
          }
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException _) {
      // One side has gone; closing tells the other.
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException _) {
      // Nobody can come in any more either way.
    }
  }
}
