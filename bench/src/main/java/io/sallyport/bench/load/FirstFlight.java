package io.sallyport.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a device with a ticket says first, as somebody who listens on the wire records it. */
final class FirstFlight {
  private static final long VISIT_SECONDS_MAX = 20;

  private FirstFlight() {}

  /** Lets the device connect twice: for its ticket, and with it. */
  static byte[] record(Network network, Credentials devices) throws InterruptedException {
    var id = devices.ids().getFirst();
    var tls = devices.tls(id, true);
    visit(network, id, tls);
    return visit(network, id, tls);
  }

  private static byte[] visit(Network network, String id, ClientTls tls)
      throws InterruptedException {
    var recorder = new Recorder();
    var done = new CompletableFuture<byte[]>();
    network
        .connect(
            id.hashCode(),
            channel -> {
              var security = tls.handler(channel);
              channel
                  .pipeline()
                  .addLast(recorder, security, new Knock(security, id, recorder.then(done)));
            })
        .addListener(
            opened -> {
              if (!opened.isSuccess()) {
                done.completeExceptionally(opened.cause());
              }
            });
    try {
      return done.get(VISIT_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new LoadFailure("a device could not connect to get a ticket: " + e, e);
    }
  }

  private static final class Recorder extends ChannelOutboundHandlerAdapter {
    private byte[] first = {};

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (first.length == 0 && message instanceof ByteBuf bytes) {
        first = ByteBufUtil.getBytes(bytes);
      }
      var _ = context.write(message, promise);
    }

    Knock.Outcome then(CompletableFuture<byte[]> done) {
      return new Knock.Outcome() {
        @Override
        public void accepted(SslHandler security) {
          done.complete(first);
        }

        @Override
        public void refused(String why) {
          done.completeExceptionally(new LoadFailure(why));
        }
      };
    }
  }
}
