package io.sallyport.gateway.connection;

import io.netty.channel.EventLoop;
import java.util.ArrayList;

/**
 * The batches of one event loop that wait for the end of its turn. Its task runs after all sockets
 * that were ready have been read, so whatever they caused for one client leaves in one send.
 */
final class FlushQueue {
  private final EventLoop loop;
  private ArrayList<OutboundBatch> waiting = new ArrayList<>();
  private ArrayList<OutboundBatch> spare = new ArrayList<>();

  FlushQueue(EventLoop loop) {
    this.loop = loop;
  }

  void add(OutboundBatch batch) {
    if (waiting.isEmpty()) {
      loop.execute(this::flushAll);
    }
    waiting.add(batch);
  }

  private void flushAll() {
    var leaving = waiting;
    waiting = spare;
    for (var batch : leaving) {
      batch.flush();
    }
    leaving.clear();
    spare = leaving;
  }
}
