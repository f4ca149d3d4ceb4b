package io.sallyport.policy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that conditions can look at in one request, and how strictly they do. */
record Facts(Subject subject, Mode mode, RequestContext request) {
  private static final String TOPIC = "topic/";

  /** Somebody of whom nothing is asked. */
  static final Subject NOBODY = new Subject("", null, null, Map.of(), _ -> List.of());

  private static final DateTimeFormatter TIME_OF_DAY =
      DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneOffset.UTC);

  boolean isStrict() {
    return mode == Mode.STRICT;
  }

  /** Whether a variable has a value that may be put into a text. */
  boolean resolves(Variable variable) {
    return variable.valueFor(subject, mode) != null;
  }

  private String value(Variable variable) {
    var value = variable.valueFor(subject, mode);
    if (value == null) {
      throw new IllegalStateException("no value for " + variable);
    }
    return value;
  }

  /** The pattern with the values of its variables, letter by letter; all of them have one. */
  List<GlobItem> filled(List<GlobItem> items) {
    var filled = new ArrayList<GlobItem>();
    for (var item : items) {
      if (item instanceof GlobItem.Value(var variable)) {
        value(variable).codePoints().mapToObj(GlobItem.Letter::new).forEach(filled::add);
      } else {
        filled.add(item);
      }
    }
    return filled;
  }

  /** The values of a key, none if it is missing. */
  List<String> values(ConditionKey key) {
    var assumed = subject.assumed().isEmpty() ? null : subject.assumed().get(key.word());
    if (assumed != null) {
      return key.type() == ConditionKey.Type.ARN ? List.of(TOPIC + assumed.getFirst()) : assumed;
    }
    return known(key);
  }

  private List<String> known(ConditionKey key) {
    return switch (key.source()) {
      case CLIENT_ID -> List.of(subject.clientId());
      case THING_NAME -> one(subject.thingName());
      case THING_TYPE -> one(subject.thingType());
      case THING_ATTACHED -> List.of(Boolean.toString(subject.attached()));
      case THING_ATTRIBUTE -> one(subject.thingAttributes().get(key.argument()));
      case CERTIFICATE -> certificate(key);
      case DOMAIN_NAME -> one(subject.connection().domainName());
      case SOURCE_IP, SOURCE_ADDRESS -> one(subject.connection().sourceAddress());
      case SECURE_TRANSPORT -> one(subject.connection().secureTransport());
      case LISTENER_NAME -> one(subject.connection().listenerName());
      case CURRENT_TIME -> one(second());
      case EPOCH_TIME -> one(seconds());
      case TIME_OF_DAY -> one(timeOfDay());
      case CERTIFICATE_AGE -> one(subject.live().certificateAgeDays());
      case FIRMWARE_VERSION -> one(subject.live().firmwareVersion());
      case ATTESTED -> one(subject.live().attested());
      case DEVICE_TAG -> one(subject.live().tags().get(key.argument()));
      case CONNECT_ATTRIBUTES -> request.connectAttributes();
      case LAST_WILL_TOPIC ->
          request.lastWillTopic() == null ? List.of() : List.of(TOPIC + request.lastWillTopic());
    };
  }

  private static List<String> one(@Nullable Object value) {
    return value == null ? List.of() : List.of(value.toString());
  }

  private List<String> certificate(ConditionKey key) {
    var values = subject.certificate().apply(key.argument());
    if (key.isList()) {
      return values;
    }
    return key.index() < values.size() ? List.of(values.get(key.index())) : List.of();
  }

  private @Nullable Instant second() {
    var now = subject.live().now();
    return now == null ? null : now.truncatedTo(ChronoUnit.SECONDS);
  }

  private @Nullable Long seconds() {
    var now = subject.live().now();
    return now == null ? null : now.getEpochSecond();
  }

  private @Nullable String timeOfDay() {
    var now = subject.live().now();
    return now == null ? null : TIME_OF_DAY.format(now);
  }
}
