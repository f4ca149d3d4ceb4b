package io.sallyport.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.cli.Desk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorTest {
  @TempDir Path directory;

  @Test
  void tellsWhoseCertificateIsRefused() throws Exception {
    try (var desk = new Desk();
        var other = new Desk()) {
      var own = desk.dataDirectory(directory.resolve("own"));
      var stranger = other.dataDirectory(directory.resolve("stranger"));
      Files.copy(
          own.resolve("operator/ca.crt"),
          stranger.resolve("operator/ca.crt"),
          StandardCopyOption.REPLACE_EXISTING);

      // Often: the refusal races with whatever the client does next.
      for (int i = 0; i < 100; i++) {
        assertThat(Door.refuses(desk.address(), tls(stranger))).isTrue();
      }
      assertThat(Door.refuses(desk.address(), tls(own))).isFalse();
    }
  }

  @Test
  void aServerThatIsGoneOrResetsEverybodyRefusesNobodysCertificate() throws Exception {
    try (var desk = new Desk()) {
      var own = tls(desk.dataDirectory(directory.resolve("own")));
      var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      var address = URI.create("https://localhost:" + listener.getLocalPort());
      try (listener) {
        Thread.ofVirtual().start(() -> resetNext(listener));
        assertThat(Door.refuses(address, own)).isFalse();
      }
      assertThat(Door.refuses(address, own)).isFalse();
    }
  }

  private static void resetNext(ServerSocket listener) {
    try (var client = listener.accept()) {
      client.setSoLinger(true, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SSLContext tls(Path data) {
    return new OperatorFiles(data.resolve("operator")).tls();
  }
}
