package io.sallyport.policy;

import io.sallyport.policy.condition.Family;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A fact that a condition can look at.
 *
 * @param source where its value comes from
 * @param argument the attribute's or tag's name, or the empty string
 * @param index which of several values; {@link #ALL} for a list of all of them
 */
record ConditionKey(Source source, String argument, int index) {
  static final int ALL = -1;

  /** When a value can change. */
  enum Lifetime {
    SESSION,
    LIVE,
    REQUEST
  }

  /** What a value is. */
  enum Type {
    /** Free text, of which somebody may know that it is a number, a date or an address. */
    TEXT,
    WORD,
    BOOL,
    NUMBER,
    DATE,
    SECONDS,
    TIME,
    ADDRESS,
    VERSION,
    ARN;

    private boolean suits(Family family) {
      return switch (this) {
        case TEXT -> family != Family.ARN && family != Family.TIME_OF_DAY;
        case WORD -> family == Family.STRING;
        case BOOL -> family == Family.BOOL || family == Family.STRING;
        case NUMBER -> family == Family.NUMERIC;
        case DATE -> family == Family.DATE;
        case SECONDS -> family == Family.DATE || family == Family.NUMERIC;
        case TIME -> family == Family.TIME_OF_DAY;
        case ADDRESS -> family == Family.IP;
        case VERSION -> family == Family.VERSION || family == Family.STRING;
        case ARN -> family == Family.ARN || family == Family.STRING;
      };
    }
  }

  /** Where a value comes from. */
  enum Source {
    CLIENT_ID("iot:ClientId", Type.TEXT, Lifetime.SESSION),
    THING_NAME("iot:Connection.Thing.ThingName", Type.TEXT, Lifetime.SESSION),
    THING_TYPE("iot:Connection.Thing.ThingTypeName", Type.TEXT, Lifetime.SESSION),
    THING_ATTACHED("iot:Connection.Thing.IsAttached", Type.BOOL, Lifetime.SESSION),
    THING_ATTRIBUTE("iot:Connection.Thing.Attributes", Type.TEXT, Lifetime.SESSION),
    CERTIFICATE("iot:Certificate", Type.TEXT, Lifetime.SESSION),
    DOMAIN_NAME("iot:DomainName", Type.TEXT, Lifetime.SESSION),
    SOURCE_IP("aws:SourceIp", Type.ADDRESS, Lifetime.SESSION),
    SOURCE_ADDRESS("sallyport:SourceAddress", Type.ADDRESS, Lifetime.SESSION),
    SECURE_TRANSPORT("aws:SecureTransport", Type.BOOL, Lifetime.SESSION),
    LISTENER_NAME("sallyport:ListenerName", Type.WORD, Lifetime.SESSION),
    CURRENT_TIME("aws:CurrentTime", Type.DATE, Lifetime.LIVE),
    EPOCH_TIME("aws:EpochTime", Type.SECONDS, Lifetime.LIVE),
    TIME_OF_DAY("sallyport:TimeOfDay", Type.TIME, Lifetime.LIVE),
    CERTIFICATE_AGE("sallyport:CertificateAge", Type.NUMBER, Lifetime.LIVE),
    FIRMWARE_VERSION("sallyport:FirmwareVersion", Type.VERSION, Lifetime.LIVE),
    ATTESTED("sallyport:Attested", Type.BOOL, Lifetime.LIVE),
    DEVICE_TAG("sallyport:DeviceTag", Type.TEXT, Lifetime.LIVE),
    CONNECT_ATTRIBUTES("iot:ConnectAttributes", Type.WORD, Lifetime.REQUEST),
    LAST_WILL_TOPIC("iot:LastWillTopic", Type.ARN, Lifetime.REQUEST);

    private final String word;
    private final Type type;
    private final Lifetime lifetime;

    Source(String word, Type type, Lifetime lifetime) {
      this.word = word;
      this.type = type;
      this.lifetime = lifetime;
    }

    private boolean hasArgument() {
      return this == THING_ATTRIBUTE || this == CERTIFICATE || this == DEVICE_TAG;
    }
  }

  private static final Map<String, Source> PLAIN = plain();
  private static final Pattern TAG =
      Pattern.compile("(?i:sallyport:DeviceTag)/([A-Za-z0-9_.,@/:#=+-]{1,128})");
  private static final String LIST = ".List";

  /** IAM reads keys in any case; the names of attributes and tags in their own. */
  private static Map<String, Source> plain() {
    var plain = new TreeMap<String, Source>(String.CASE_INSENSITIVE_ORDER);
    for (var source : Source.values()) {
      if (!source.hasArgument()) {
        plain.put(source.word, source);
      }
    }
    return plain;
  }

  /** Reads a key as documents write it; nothing if there is no such key. */
  static Optional<ConditionKey> parse(String word) {
    var plain = PLAIN.get(word);
    if (plain != null) {
      return Optional.of(new ConditionKey(plain, "", plain == Source.CONNECT_ATTRIBUTES ? ALL : 0));
    }
    var tag = TAG.matcher(word);
    if (tag.matches()) {
      return Optional.of(new ConditionKey(Source.DEVICE_TAG, tag.group(1), 0));
    }
    if (word.endsWith(LIST)) {
      return ofVariable(word.substring(0, word.length() - LIST.length()))
          .filter(key -> key.source == Source.CERTIFICATE && key.argument.contains("."))
          .map(key -> new ConditionKey(key.source, key.argument, ALL));
    }
    return ofVariable(word);
  }

  private static Optional<ConditionKey> ofVariable(String word) {
    return Variable.find(word)
        .flatMap(
            variable ->
                switch (variable.source()) {
                  case THING_ATTRIBUTE ->
                      Optional.of(new ConditionKey(Source.THING_ATTRIBUTE, variable.key(), 0));
                  case CERTIFICATE ->
                      Optional.of(
                          new ConditionKey(Source.CERTIFICATE, variable.key(), variable.index()));
                  default -> Optional.empty();
                });
  }

  /** The key as documents write it. */
  String word() {
    return switch (source) {
      case THING_ATTRIBUTE -> source.word + "[" + argument + "]";
      case DEVICE_TAG -> source.word + "/" + argument;
      case CERTIFICATE ->
          source.word + "." + argument + (index == ALL ? LIST : index == 0 ? "" : "." + index);
      default -> source.word;
    };
  }

  /** Every word for the same fact. */
  List<String> synonyms() {
    return switch (source) {
      case SOURCE_IP, SOURCE_ADDRESS -> List.of(Source.SOURCE_IP.word, Source.SOURCE_ADDRESS.word);
      default -> List.of(word());
    };
  }

  Lifetime lifetime() {
    return source.lifetime;
  }

  Type type() {
    return source.type;
  }

  /** Whether it may have several values. */
  boolean isList() {
    return index == ALL;
  }

  /** Whether an operator of this family can compare it; whether it has a value can be asked. */
  boolean takes(Family family) {
    return family == Family.EXISTENCE || source.type.suits(family);
  }

  /**
   * Whether it is known of every request that the key has a value or none: no Will is a fact, a
   * certificate that says nothing of its owner is a gap.
   */
  boolean isAlwaysKnown() {
    return source.lifetime == Lifetime.REQUEST;
  }
}
