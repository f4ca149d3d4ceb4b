package io.sallyport.gateway;

import io.netty.channel.Channel;
import io.sallyport.gateway.connection.Listener;
import java.net.InetSocketAddress;

/** A listener and its socket. */
record OpenListener(Listener listener, String host, Channel channel) {
  int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  String name() {
    return listener.rules().name();
  }
}
