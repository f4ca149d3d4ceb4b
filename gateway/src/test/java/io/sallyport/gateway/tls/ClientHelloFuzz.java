package io.sallyport.gateway.tls;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;

/** Looking for a ticket or a name in any bytes finds one that is inside of them, or none. */
class ClientHelloFuzz {
  private static final int NAME_BYTES = 16;

  @FuzzTest
  void aTicketLiesWithinTheHello(byte[] bytes) {
    var hello = Unpooled.wrappedBuffer(bytes);
    // It rarely begins where its buffer begins.
    hello.skipBytes(Math.min(1, bytes.length));
    int from = hello.readerIndex();
    int at = ClientHello.ticketAt(hello, NAME_BYTES);
    if (hello.readerIndex() != from) {
      throw new AssertionError("looking took bytes away");
    }
    var name = ClientHello.greeting(hello).serverName();
    if (hello.readerIndex() != from || (name != null && name.length() > bytes.length)) {
      throw new AssertionError("a name that is not in there: " + name);
    }
    if (at != -1 && (at < from || at + NAME_BYTES > hello.writerIndex())) {
      throw new AssertionError("a ticket at " + at + " of " + hello.writerIndex() + " bytes");
    }
  }
}
