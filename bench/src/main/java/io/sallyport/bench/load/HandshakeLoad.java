package io.sallyport.bench.load;

import io.netty.channel.ChannelFuture;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Devices that connect, are accepted and leave, over and over, some at a time. A handshake counts
 * when the server is known to have accepted the client's certificate: its tickets have come, or its
 * CONNACK.
 */
final class HandshakeLoad implements Load {
  private static final int FAILURES_MAX = 1_000;
  private static final long RETRY_MILLIS = 10;

  private static final long FIRST_VISITS_SECONDS_MAX = 60;

  private record Device(String id, ClientTls tls) {}

  private final Network network;
  private final boolean resumption;
  private final CountDownLatch firstVisits;
  private long full;
  private long resumed;
  private long failed;
  private volatile String lastFailure = "none";

  /**
   * Is under way when every device has been accepted once, and so has a ticket. Each of the
   * parallel lanes has devices of its own.
   */
  HandshakeLoad(Network network, Credentials credentials, int parallel, boolean resumption)
      throws InterruptedException {
    this.firstVisits = new CountDownLatch(credentials.ids().size());
    this.network = network;
    this.resumption = resumption;
    var lanes = new ArrayList<List<Device>>();
    for (var lane = 0; lane < parallel; lane++) {
      lanes.add(new ArrayList<>());
    }
    var next = 0;
    for (var id : credentials.ids()) {
      lanes.get(next++ % parallel).add(new Device(id, credentials.tls(id, resumption)));
    }
    network.loop().execute(() -> lanes.forEach(lane -> visit(lane, 0)));
    if (!firstVisits.await(FIRST_VISITS_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new LoadFailure("not all devices were accepted once; the last failure: " + lastFailure);
    }
  }

  private void visit(List<Device> lane, int turn) {
    var device = lane.get(turn % lane.size());
    var visit = new Visit(lane, turn + 1);
    network
        .open(device.id(), device.tls(), security -> new Knock(security, device.id(), visit))
        .addListener(
            (ChannelFuture opened) -> {
              if (!opened.isSuccess()) {
                visit.refused(String.valueOf(opened.cause()));
              }
            });
  }

  /** What one visit came to; the next one of its lane begins when its connection has ended. */
  private final class Visit implements Knock.Outcome {
    private final List<Device> lane;
    private final int nextTurn;

    Visit(List<Device> lane, int nextTurn) {
      this.lane = lane;
      this.nextTurn = nextTurn;
    }

    @Override
    public void accepted(SslHandler security) {
      if (ClientTls.resumed(security)) {
        resumed++;
      } else {
        full++;
      }
      firstVisits.countDown();
      finish(0);
    }

    @Override
    public void refused(String why) {
      failed++;
      lastFailure = why;
      finish(RETRY_MILLIS);
    }

    private void finish(long delayMillis) {
      if (failed < FAILURES_MAX) {
        Runnable next = () -> visit(lane, nextTurn);
        if (delayMillis == 0) {
          network.loop().execute(next);
        } else {
          var _ = network.loop().schedule(next, delayMillis, TimeUnit.MILLISECONDS);
        }
      }
    }
  }

  @Override
  public Map<String, Double> mark() throws Exception {
    return network.loop().submit(this::counted).get();
  }

  private Map<String, Double> counted() {
    if (failed > 0) {
      throw new LoadFailure(failed + " handshakes failed, the last with: " + lastFailure);
    }
    var counted = resumption ? resumed : full;
    var other = resumption ? full : resumed;
    full = 0;
    resumed = 0;
    return Map.of("handshakes", (double) counted, "other", (double) other);
  }

  @Override
  public Map<String, Double> drain() {
    return Map.of();
  }
}
