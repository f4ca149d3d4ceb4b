package io.sallyport.conformance.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.conformance.product.Patience;
import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is banned by the gate can be handed to the kernel, in its own words. */
class FirewallExportTest {
  @TempDir Path folder;

  @Test
  void theRealNftTakesTheExport() throws Exception {
    Tool.need(Tool.NFT);
    Assumptions.assumeTrue(mayUseNft(), "nft needs the right to look at the kernel's tables");
    var yaml = folder.resolve("sallyport.yaml");
    Files.writeString(yaml, "sources: {trusted: [], ban-after: 2}\nmqtt: {host: '::'}\n");
    try (var product = ProductProcess.start(folder.resolve("data"), "--config", yaml.toString())) {
      for (var address : new String[] {"127.0.0.1", "::1"}) {
        fail(address, product.mqttPort());
        fail(address, product.mqttPort());
      }
      Patience.until(
          "two bans",
          () -> product.cli("gateway", "bans", "list").expecting(0).out().contains("127.0.0.1"));

      var script = product.cli("gateway", "bans", "export", "--nftables").expecting(0).out();

      assertThat(script).contains("add element inet sallyport banned4 { 127.0.0.1 timeout");
      assertThat(script).contains("add element inet sallyport banned6 { ");
      var file = Files.writeString(folder.resolve("bans.nft"), script);
      Program.runLine(folder, Tool.NFT.path() + " -c -f " + file).expecting(0);
    }
  }

  private boolean mayUseNft() {
    return Program.runLine(folder, Tool.NFT.path() + " list tables").exit() == 0;
  }

  /** Says something that is not TLS. */
  private static void fail(String address, int port) throws IOException {
    try (var socket = new Socket(InetAddress.ofLiteral(address), port)) {
      socket.getOutputStream().write('x');
      assertThat(socket.getInputStream().read()).isNegative();
    }
  }
}
