package io.sallyport.control.shadow;

import io.sallyport.control.messaging.Publication;
import io.sallyport.control.messaging.Request;
import io.sallyport.control.messaging.TopicService;
import io.sallyport.control.shadow.ShadowAnswer.Accepted;
import io.sallyport.control.shadow.ShadowAnswer.Rejected;
import io.sallyport.identity.PrincipalId;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Shadows over MQTT, on the topics of AWS IoT's Device Shadow service. */
public final class ShadowService implements TopicService {
  private static final List<String> WHAT = List.of("get", "update", "delete");

  private final Shadows shadows;

  /** Speaks for them. */
  public ShadowService(Shadows shadows) {
    this.shadows = shadows;
  }

  /** What is asked of which shadow. */
  private record Asked(ShadowId id, String what) {
    String end(String outcome) {
      return what + "/" + outcome;
    }
  }

  @Override
  public List<String> filters() {
    return WHAT.stream()
        .flatMap(
            what ->
                List.of("$aws/things/+/shadow/" + what, "$aws/things/+/shadow/name/+/" + what)
                    .stream())
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
        switch (asked.what()) {
          case "get" -> shadows.get(handle, at, id, payload);
          case "delete" -> shadows.delete(handle, at, id, payload);
          default -> shadows.update(handle, at, id, payload);
        };
    return switch (answer) {
      case Accepted accepted -> accepted.publications();
      case Rejected(var error, var token) ->
          List.of(
              ShadowMessages.publication(
                  id, asked.end("rejected"), ShadowMessages.rejected(at, error, token)));
    };
  }

  @Override
  public List<Publication> refusal(Request request, Trouble trouble) {
    var error =
        switch (trouble) {
          case BUSY -> ShadowError.TOO_MANY;
          case BROKEN -> ShadowError.BROKEN;
        };
    return asked(request.topic())
        .map(
            asked ->
                ShadowMessages.publication(
                    asked.id(),
                    asked.end("rejected"),
                    ShadowMessages.rejected(
                        request.at(), error, shadows.tokenOf(request.payload()))))
        .stream()
        .toList();
  }

  private static Optional<Asked> asked(String topic) {
    var levels = topic.split("/", -1);
    boolean named = levels.length == 7 && levels[4].equals("name");
    if (!(levels.length == 5 || named)
        || !levels[0].equals("$aws")
        || !levels[1].equals("things")
        || !levels[3].equals("shadow")
        || !WHAT.contains(levels[levels.length - 1])
        || !PrincipalId.isValid(levels[2])
        || (named && (levels[5].isEmpty() || !ShadowId.isName(levels[5])))) {
      return Optional.empty();
    }
    var id = new ShadowId(new PrincipalId(levels[2]), named ? levels[5] : ShadowId.CLASSIC);
    return Optional.of(new Asked(id, levels[levels.length - 1]));
  }
}
