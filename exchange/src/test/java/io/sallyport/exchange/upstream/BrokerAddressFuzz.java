package io.sallyport.exchange.upstream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any text is addresses that can be dialled, or a refusal with what is wrong. */
class BrokerAddressFuzz {
  @FuzzTest
  void everyTextIsAddressesOrRefused(byte[] bytes) {
    try {
      var upstream = BrokerAddress.parse(new String(bytes, StandardCharsets.UTF_8));
      for (var address : upstream.addresses()) {
        if (address.host().isBlank() || address.port() < 1 || address.port() > 65_535) {
          throw new AssertionError("not to be dialled: " + address);
        }
      }
    } catch (IllegalArgumentException e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
    }
  }
}
