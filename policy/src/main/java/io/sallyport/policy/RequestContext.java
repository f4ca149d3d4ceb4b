package io.sallyport.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only one request says: the facts of a CONNECT.
 *
 * @param connectAttributes which of {@link #PERSISTENT_CONNECT} and {@link #LAST_WILL} it asks for
 * @param lastWillTopic the topic of its Will, or null without a Will
 */
public record RequestContext(List<String> connectAttributes, @Nullable String lastWillTopic) {
  /** A session that outlives its connection. */
  public static final String PERSISTENT_CONNECT = "PersistentConnect";

  /** A Will. */
  public static final String LAST_WILL = "LastWill";

  /** A CONNECT that asks for nothing, and every other request. */
  public static final RequestContext NONE = new RequestContext(List.of(), null);

  /** Copies what could change. */
  public RequestContext {
    connectAttributes = List.copyOf(connectAttributes);
  }

  /** The facts of a CONNECT. */
  public static RequestContext connect(boolean persistent, @Nullable String lastWillTopic) {
    if (!persistent && lastWillTopic == null) {
      return NONE;
    }
    return new RequestContext(
        lastWillTopic == null
            ? List.of(PERSISTENT_CONNECT)
            : persistent ? List.of(PERSISTENT_CONNECT, LAST_WILL) : List.of(LAST_WILL),
        lastWillTopic);
  }
}
