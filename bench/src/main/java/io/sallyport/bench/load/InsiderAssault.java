package io.sallyport.bench.load;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An attack by one device that is let in; sent away, it comes again. */
abstract class InsiderAssault<C extends Client> implements Assault {
  private static final long PAUSE_MILLIS = 100;

  private final Network network;
  private final ClientTls tls;
  private @Nullable C connected;
  private boolean isConnecting;

  InsiderAssault(Network network, ClientTls tls) {
    this.network = network;
    this.tls = tls;
  }

  /** A client that has not connected yet. */
  abstract C client();

  /** One attempt of a client that is connected. */
  abstract void attempt(C client);

  @Override
  public final void attempt() {
    if (connected != null) {
      attempt(connected);
    } else if (!isConnecting) {
      isConnecting = true;
      connect(client());
    }
  }

  private void connect(C client) {
    var _ =
        client
            .connect(network, tls)
            .whenComplete(
                (_, failure) -> {
                  connected = failure == null ? client : null;
                  Runnable again = () -> isConnecting = false;
                  var _ = network.loop().schedule(again, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                });
  }

  /** Its connection is gone. */
  final void lost(Client client) {
    if (client.equals(connected)) {
      connected = null;
    }
  }
}
