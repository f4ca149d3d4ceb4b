package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Cuts the server's bytes into packets and hands each on without copying or boxing it. */
abstract class PacketReader extends ByteToMessageDecoder {
  @Override
  protected final void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    while (in.readableBytes() >= 2) {
      var start = in.readerIndex();
      var length = VariableInteger.peek(in, start + 1);
      if (length == VariableInteger.INCOMPLETE) {
        return;
      }
      var body = start + 1 + VariableInteger.width(length);
      var end = body + VariableInteger.value(length);
      if (end > in.writerIndex()) {
        return;
      }
      var first = in.getUnsignedByte(start);
      in.readerIndex(body);
      packet(context, first >>> 4, first & 0xF, in, end);
      in.readerIndex(end);
    }
  }

  /** One packet, its body from the reader's index up to {@code end}. */
  abstract void packet(ChannelHandlerContext context, int type, int flags, ByteBuf in, int end);
}
