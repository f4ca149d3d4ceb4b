package io.sallyport.control.shadow;

import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.messaging.TopicService;
import io.sallyport.control.shadow.ShadowAnswer.Accepted;
import io.sallyport.control.shadow.ShadowAnswer.Rejected;
import io.sallyport.control.shadow.ShadowCounters.Operation;
import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Shadows over MQTT, on the topics of AWS IoT's Device Shadow service. */
public final class ShadowService implements TopicService {
  private final Shadows shadows;
  private final ShadowCounters counters;

  /** Speaks for them. */
  public ShadowService(Shadows shadows, ShadowCounters counters) {
    this.shadows = shadows;
    this.counters = counters;
  }

  /** What is asked of which shadow. */
  private record Asked(ShadowId id, Operation operation) {
    Publication rejected(Instant at, ShadowError error, @Nullable String clientToken) {
      return ShadowMessages.publication(
          id, operation.word() + "/rejected", ShadowMessages.rejected(at, error, clientToken));
    }
  }

  @Override
  public String name() {
    return "shadow";
  }

  @Override
  public List<String> filters() {
    return Stream.of(Operation.values())
        .map(Operation::word)
        .flatMap(
            word ->
                Stream.of("$aws/things/+/shadow/" + word, "$aws/things/+/shadow/name/+/" + word))
        .toList();
  }

  @Override
  public List<Publication> answer(Handle handle, Request request) {
    var asked = asked(request.topic()).orElse(null);
    if (asked == null) {
      // No thing or shadow could have such a name, so nobody could have subscribed to an answer.
      return List.of();
    }
    var at = request.at();
    var payload = request.payload();
    var id = asked.id();
    var answer =
        switch (asked.operation()) {
          case GET -> shadows.get(handle, at, id, payload);
          case UPDATE -> shadows.update(handle, at, id, payload);
          case DELETE -> shadows.delete(handle, at, id, payload);
        };
    return switch (answer) {
      case Accepted accepted -> {
        counters.accepted(asked.operation());
        yield accepted.publications();
      }
      case Rejected(var error, var token) -> {
        counters.rejected(asked.operation(), error);
        yield List.of(asked.rejected(at, error, token));
      }
    };
  }

  @Override
  public List<Publication> refusal(Request request, Trouble trouble) {
    var error =
        switch (trouble) {
          case BUSY -> ShadowError.TOO_MANY;
          case BROKEN -> ShadowError.BROKEN;
        };
    var asked = asked(request.topic()).orElse(null);
    if (asked == null) {
      return List.of();
    }
    counters.rejected(asked.operation(), error);
    return List.of(asked.rejected(request.at(), error, shadows.tokenOf(request.payload())));
  }

  private static Optional<Asked> asked(String topic) {
    var levels = topic.split("/", -1);
    boolean named = levels.length == 7 && levels[4].equals("name");
    if (!(levels.length == 5 || named)
        || !levels[0].equals("$aws")
        || !levels[1].equals("things")
        || !levels[3].equals("shadow")
        || !PrincipalId.isValid(levels[2])
        || (named && (levels[5].isEmpty() || !ShadowId.isName(levels[5])))) {
      return Optional.empty();
    }
    var id = new ShadowId(new PrincipalId(levels[2]), named ? levels[5] : ShadowId.CLASSIC);
    return Operation.ofWord(levels[levels.length - 1]).map(operation -> new Asked(id, operation));
  }
}
