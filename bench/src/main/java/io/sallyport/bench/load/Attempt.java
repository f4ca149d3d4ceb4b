package io.sallyport.bench.load;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * One connection of an attacker. What became of it is counted once: refused if it ends before its
 * kind has called it served.
 */
abstract class Attempt extends ChannelInboundHandlerAdapter {
  private final Tally tally;
  private final long millisMax;
  private boolean decided;

  /** Ends by itself after that time. */
  Attempt(Tally tally, long millisMax) {
    this.tally = tally;
    this.millisMax = millisMax;
  }

  /** Counts it and follows what becomes of its connection. */
  final void begin(ChannelFuture opening) {
    tally.begun();
    opening.addListener(
        (ChannelFuture opened) -> {
          if (opened.isSuccess()) {
            var _ =
                opened
                    .channel()
                    .eventLoop()
                    .schedule(() -> outlasted(opened), millisMax, TimeUnit.MILLISECONDS);
          } else {
            refused();
          }
        });
  }

  private void outlasted(ChannelFuture opened) {
    // Nobody sent it away in all that time.
    served();
    var _ = opened.channel().close();
  }

  final void served() {
    if (!decided) {
      decided = true;
      tally.served();
    }
  }

  private void refused() {
    if (!decided) {
      decided = true;
      tally.refused();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    ReferenceCountUtil.release(message);
  }

  @Override
  public final void channelInactive(ChannelHandlerContext context) {
    refused();
  }

  @Override
  public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    refused();
    var _ = context.close();
  }
}
