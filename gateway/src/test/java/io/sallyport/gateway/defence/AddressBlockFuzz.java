package io.sallyport.gateway.defence;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any text is a block that is itself again when its parts are put together, or a refusal. */
class AddressBlockFuzz {
  @FuzzTest
  void everyTextIsABlockOrRefused(byte[] bytes) {
    AddressBlock block;
    try {
      block = AddressBlock.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return;
    }
    var again = new AddressBlock(block.high(), block.low(), block.bits(), block.isV4());
    if (!block.equals(again)) {
      throw new AssertionError(block + " is not " + again);
    }
  }
}
