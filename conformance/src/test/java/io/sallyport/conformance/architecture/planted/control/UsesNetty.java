package io.sallyport.conformance.architecture.planted.control;

import io.netty.buffer.ByteBuf;

final class UsesNetty {
  int length(ByteBuf buffer) {
    return buffer.readableBytes();
  }
}
