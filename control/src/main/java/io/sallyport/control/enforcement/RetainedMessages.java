package io.sallyport.control.enforcement;

import io.sallyport.identity.PrincipalId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The messages that the exchange keeps for later subscribers, for whoever must look into them. */
@FunctionalInterface
public interface RetainedMessages {
  /** They are kept where nobody can look. */
  RetainedMessages OUT_OF_SIGHT = (_, _, _) -> Optional.empty();

  /**
   * Some of them in the order of their topics; nothing where they cannot be looked at.
   *
   * @param after the topic after which to go on; the empty string for the first page
   * @param most how many messages to look at
   * @param mostBytes the page ends with the message that reaches it
   */
  Optional<Page> page(String after, int most, long mostBytes);

  /**
   * One page.
   *
   * @param next the topic after which there may be more, or null if that was all
   */
  record Page(List<Retained> messages, @Nullable String next) {
    /** Copies the list. */
    public Page {
      messages = List.copyOf(messages);
    }
  }

  /**
   * One message.
   *
   * @param payload not to be written to
   */
  record Retained(String topic, PrincipalId publisher, ByteBuffer payload) {}
}
