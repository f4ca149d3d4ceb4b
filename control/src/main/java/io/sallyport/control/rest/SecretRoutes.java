package io.sallyport.control.rest;

import io.sallyport.control.enforcement.RetainedMessages;
import io.sallyport.control.enforcement.RetainedMessages.Retained;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.policy.analysis.Secret;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The call that looks for secrets in retained messages; no payload leaves it. */
final class SecretRoutes {
  /** Bound: what one call looks at. */
  static final int MESSAGES_MAX = 1_000;

  private static final long BYTES_MAX = 4L << 20;

  /** Bound: a topic of MQTT's 65 535 bytes, each written as six letters of JSON. */
  private static final int AFTER_MAX = 512 * 1024;

  private final RetainedMessages retained;

  SecretRoutes(RetainedMessages retained) {
    this.retained = retained;
  }

  record FoundView(String topic, String publisher, List<String> secrets) {}

  record SecretsView(boolean readable, int looked, List<FoundView> found, @Nullable String next) {}

  List<Route> routes() {
    return List.of(
        new Route("POST", "/api/v1/analysis/secrets", Role.VIEWER, AFTER_MAX, this::secrets));
  }

  private Answer secrets(Call call) {
    var after = call.body(Bodies.Secrets.class).after();
    var page = retained.page(after == null ? "" : after, MESSAGES_MAX, BYTES_MAX);
    return Answer.ok(
        page.map(SecretRoutes::view).orElseGet(() -> new SecretsView(false, 0, List.of(), null)));
  }

  private static SecretsView view(RetainedMessages.Page page) {
    var found = new ArrayList<FoundView>();
    for (var message : page.messages()) {
      var secrets = Secret.in(bytes(message));
      if (!secrets.isEmpty()) {
        found.add(
            new FoundView(
                message.topic(),
                message.publisher().value(),
                secrets.stream().map(Secret::words).toList()));
      }
    }
    return new SecretsView(true, page.messages().size(), found, page.next());
  }

  private static byte[] bytes(Retained message) {
    var bytes = new byte[message.payload().remaining()];
    message.payload().duplicate().get(bytes);
    return bytes;
  }
}
