package io.sallyport.app.node;

import io.sallyport.control.enforcement.RetainedMessages;
import io.sallyport.exchange.Exchange;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The exchange's retained messages, for control to look into. */
record RetainedView(Exchange exchange) implements RetainedMessages {
  @Override
  public Optional<Page> page(String after, int most, long mostBytes) {
    return exchange
        .retained(after, most, mostBytes)
        .map(
            page ->
                new Page(
                    page.messages().stream()
                        .map(
                            message ->
                                new Retained(
                                    message.topicText(),
                                    message.publisher(),
                                    ByteBuffer.wrap(message.payload()).asReadOnlyBuffer()))
                        .toList(),
                    page.next()));
  }
}
