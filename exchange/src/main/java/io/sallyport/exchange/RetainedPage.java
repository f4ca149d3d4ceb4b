package io.sallyport.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the retained messages, in the order of their topics.
 *
 * @param next the topic after which there may be more, or null if that was all
 */
public record RetainedPage(List<Message> messages, @Nullable String next) {
  /** Copies the list. */
  public RetainedPage {
    messages = List.copyOf(messages);
  }
}
