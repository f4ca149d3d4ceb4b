package io.sallyport.control.rest;

import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.control.rotation.ExpiryPicture;
import io.sallyport.control.rotation.RotationOrder;
import io.sallyport.control.rotation.RotationRecord;
import io.sallyport.control.rotation.RotationState;
import io.sallyport.control.rotation.RotationStatus;
import io.sallyport.control.rotation.Rotations;
import io.sallyport.identity.PrincipalId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The calls about rotation of devices' certificates. */
final class RotationRoutes {
  private final Rotations rotations;

  RotationRoutes(Rotations rotations) {
    this.rotations = rotations;
  }

  record StatusView(
      boolean enabled,
      boolean paused,
      @Nullable String pausedBy,
      @Nullable Instant pausedAt,
      int nextWave,
      long demanded,
      Map<String, Long> states,
      Map<String, Long> stuck,
      Map<String, Long> causes,
      List<WaveView> waves,
      @Nullable Instant eta) {
    static StatusView of(RotationStatus status) {
      return new StatusView(
          status.enabled(),
          status.pace().paused(),
          status.pausedBy(),
          status.pausedAt(),
          status.pace().size(),
          status.demanded(),
          words(status.states()),
          new TreeMap<>(status.stuck()),
          new TreeMap<>(status.causes()),
          status.waves().stream().map(WaveView::of).toList(),
          status.eta());
    }
  }

  record WaveView(
      long number,
      @Nullable String namedBy,
      long devices,
      @Nullable Instant begunAt,
      Map<String, Long> states) {
    static WaveView of(RotationStatus.WaveStatus wave) {
      return new WaveView(
          wave.number(), wave.namedBy(), wave.devices(), wave.begunAt(), words(wave.states()));
    }
  }

  record RotationView(
      String id,
      String state,
      String why,
      String cause,
      long wave,
      int asks,
      Instant dueAt,
      Instant rotateBy,
      @Nullable Instant askedAt,
      @Nullable Instant issuedAt,
      @Nullable Instant provenAt,
      @Nullable Instant endedAt,
      String oldFingerprint,
      Instant oldNotAfter,
      @Nullable String newFingerprint) {
    static RotationView of(RotationRecord one) {
      var successor = one.successor();
      return new RotationView(
          one.principal().value(),
          one.state().word(),
          one.why(),
          one.cause(),
          one.wave(),
          one.asks(),
          one.dueAt(),
          one.rotateBy(),
          one.askedAt(),
          one.issuedAt(),
          one.provenAt(),
          one.endedAt(),
          one.old().hex(),
          one.oldNotAfter(),
          successor == null ? null : successor.hex());
    }
  }

  record OrderView(long devices, List<String> named, List<String> left) {}

  record HeldView(boolean paused, boolean changed) {}

  record SpanView(LocalDate from, LocalDate to, long certificates, long replaced) {}

  record ExpiryView(String by, List<SpanView> spans, long overdue, long later) {
    static ExpiryView of(ExpiryPicture picture) {
      return new ExpiryView(
          Views.word(picture.by()),
          picture.spans().stream()
              .map(one -> new SpanView(one.from(), one.to(), one.certificates(), one.replaced()))
              .toList(),
          picture.overdue(),
          picture.later());
    }
  }

  List<Route> routes() {
    var base = "/api/v1/rotation";
    return List.of(
        Route.get(base, Role.VIEWER, _ -> Answer.ok(StatusView.of(rotations.status()))),
        Route.get(base + "/devices", Role.VIEWER, this::devices),
        Route.get(base + "/expiry", Role.VIEWER, this::expiry),
        Route.post(base + "/start", Role.OPERATOR, this::start),
        Route.post(base + "/pause", Role.OPERATOR, this::pause),
        Route.post(base + "/resume", Role.OPERATOR, this::resume));
  }

  private Answer devices(Call call) {
    var state = state(call.queryOrNull("state"));
    return Paging.of(
        call,
        "devices",
        (after, limit) -> rotations.page(state, after, limit),
        one -> one.principal().value(),
        RotationView::of);
  }

  private static @Nullable RotationState state(@Nullable String word) {
    return word == null
        ? null
        : Arrays.stream(RotationState.values())
            .filter(one -> one.word().equals(word))
            .findFirst()
            .orElseThrow(
                () ->
                    new Problem(
                        400,
                        "malformed-query",
                        "'state' is "
                            + Arrays.stream(RotationState.values())
                                .map(RotationState::word)
                                .collect(Collectors.joining(", "))));
  }

  private Answer expiry(Call call) {
    return switch (call.query("by", "month")) {
      case "week" -> Answer.ok(ExpiryView.of(rotations.expiry(ExpiryPicture.By.WEEK)));
      case "month" -> Answer.ok(ExpiryView.of(rotations.expiry(ExpiryPicture.By.MONTH)));
      default -> throw new Problem(400, "malformed-query", "'by' is week or month");
    };
  }

  private Answer start(Call call) {
    var body = call.body(Bodies.StartRotation.class);
    var devices = body.devices();
    var group = body.group();
    boolean all = Boolean.TRUE.equals(body.all());
    if ((devices == null ? 0 : 1) + (group == null ? 0 : 1) + (all ? 1 : 0) != 1) {
      throw new Problem(
          400, "malformed-start", "say one of 'devices', 'group' and 'all': whom to rotate");
    }
    var by = instant(body.by());
    if (devices != null) {
      if (!devices.stream().allMatch(PrincipalId::isValid)) {
        throw new Problem(400, "malformed-id", "an id is 1 to 128 characters of A-Z a-z 0-9 : _ -");
      }
      return answer(rotations.start(devices, by, call.actor()));
    }
    return answer(
        group == null
            ? rotations.startAll(by, call.actor())
            : rotations.startGroup(group, by, call.actor()));
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new Problem(400, "malformed-by", "'by' is a time such as 2026-12-24T00:00:00Z");
    }
  }

  private static Answer answer(RotationOrder order) {
    return switch (order) {
      case RotationOrder.Named(var named, var left) ->
          Answer.ok(new OrderView(named.size(), named, left));
      case RotationOrder.Ordered(var devices) ->
          Answer.ok(new OrderView(devices, List.of(), List.of()));
      case RotationOrder.Refused(var why, var reason, var detail) ->
          throw new Problem(
              switch (why) {
                case MALFORMED -> 400;
                case UNKNOWN -> 404;
              },
              reason,
              detail);
    };
  }

  private Answer pause(Call call) {
    call.emptyBody();
    return Answer.ok(new HeldView(true, rotations.pause(call.actor())));
  }

  private Answer resume(Call call) {
    call.emptyBody();
    return Answer.ok(new HeldView(false, rotations.resume(call.actor())));
  }

  private static Map<String, Long> words(Map<RotationState, Long> states) {
    return states.entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().word(), Map.Entry::getValue, Long::sum, TreeMap::new));
  }
}
