package io.sallyport.cli.server;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * Sends what is written only when an answer is waited for, all at once: a server that refuses the
 * first record of a flight has then read the others too, so that its alert is not lost to a reset.
 */
final class OneFlightSocket extends Socket {
  private final ByteArrayOutputStream flight = new ByteArrayOutputStream();

  @Override
  public OutputStream getOutputStream() {
    return flight;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        depart();
        return super.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        depart();
        return super.read(bytes, offset, length);
      }
    };
  }

  private void depart() throws IOException {
    if (flight.size() > 0) {
      flight.writeTo(super.getOutputStream());
      flight.reset();
    }
  }
}
