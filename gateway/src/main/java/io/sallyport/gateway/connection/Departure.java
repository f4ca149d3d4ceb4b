package io.sallyport.gateway.connection;

import io.sallyport.exchange.Reason;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What devices are told that are to leave, and those that are not let in meanwhile.
 *
 * @param server where to go instead, as MQTT 5 names it (4.11), or null: nowhere else
 * @param moved whether they shall go there from now on, and not only this time
 */
public record Departure(@Nullable String server, boolean moved) {
  /** Bound: the bytes of a server's name. */
  public static final int SERVER_BYTES_MAX = 255;

  public Departure {
    if (server == null && moved) {
      throw new IllegalArgumentException("nobody can move to nowhere");
    }
    if (server != null
        && (server.isBlank()
            || server.getBytes(StandardCharsets.UTF_8).length > SERVER_BYTES_MAX)) {
      throw new IllegalArgumentException("a server's name has 1 to 255 bytes");
    }
  }

  /** Why a connected device is sent away. */
  Reason farewell() {
    return server == null ? Reason.SERVER_SHUTTING_DOWN : elsewhere();
  }

  /** Why a device is not let in. */
  Reason refusal() {
    return server == null ? Reason.SERVER_UNAVAILABLE : elsewhere();
  }

  private Reason elsewhere() {
    return moved ? Reason.SERVER_MOVED : Reason.USE_ANOTHER_SERVER;
  }
}
