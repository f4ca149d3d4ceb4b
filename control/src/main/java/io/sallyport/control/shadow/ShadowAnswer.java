package io.sallyport.control.shadow;

import io.sallyport.control.messaging.Publication;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a request about a shadow. */
public sealed interface ShadowAnswer {
  /**
   * It is done.
   *
   * @param response the response document
   * @param publications what is to be posted once the transaction is durable, in this order; of an
   *     update also what listeners had to say
   */
  record Accepted(JsonValue.Members response, long version, List<Publication> publications)
      implements ShadowAnswer {
    public Accepted {
      publications = List.copyOf(publications);
    }
  }

  /** Nothing was changed. */
  record Rejected(ShadowError error, @Nullable String clientToken) implements ShadowAnswer {}
}
