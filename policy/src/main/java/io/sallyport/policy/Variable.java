package io.sallyport.policy;

import io.sallyport.policy.MalformedPolicy.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A policy variable.
 *
 * @param source where its value comes from
 * @param key the attribute's name, or the empty string
 * @param index which of several values, 0 for the first
 */
record Variable(Source source, String key, int index) {
  /** Bound: the most values of one certificate attribute, and the longest (AWS has the same). */
  static final int VALUES_MAX = 5;

  static final int VALUE_LENGTH_MAX = 1024;

  enum Source {
    CLIENT_ID,
    THING_NAME,
    THING_TYPE,
    THING_ATTACHED,
    THING_ATTRIBUTE,
    CERTIFICATE,
    SOURCE_IP,
    DOMAIN_NAME,
    SECURE_TRANSPORT,
    LISTENER_NAME
  }

  private static final Map<String, Source> PLAIN =
      Map.of(
          "iot:ClientId", Source.CLIENT_ID,
          "iot:Connection.Thing.ThingName", Source.THING_NAME,
          "iot:Connection.Thing.ThingTypeName", Source.THING_TYPE,
          "iot:Connection.Thing.IsAttached", Source.THING_ATTACHED,
          "aws:SourceIp", Source.SOURCE_IP,
          "iot:DomainName", Source.DOMAIN_NAME,
          "aws:SecureTransport", Source.SECURE_TRANSPORT,
          "sallyport:ListenerName", Source.LISTENER_NAME);
  private static final Pattern THING_ATTRIBUTE =
      Pattern.compile("iot:Connection\\.Thing\\.Attributes\\[([A-Za-z0-9_.,@/:#-]{1,128})]");
  private static final Pattern CERTIFICATE =
      Pattern.compile(
          "iot:Certificate\\.((?:Subject|Issuer)\\.(?:DistinguishedNameQualifier|Country"
              + "|Organization|OrganizationalUnit|State|CommonName|SerialNumber|Title|Surname"
              + "|GivenName|Initials|Pseudonym|GenerationQualifier"
              + "|AlternativeName\\.(?:RFC822Name|DNSName|DirectoryName"
              + "|UniformResourceIdentifier|IPAddress)))(?:\\.([0-4]))?");
  private static final Pattern CERTIFICATE_PLAIN =
      Pattern.compile("iot:Certificate\\.(SerialNumber|AvailableKeys)");
  private static final Pattern CERTIFICATE_LIST =
      Pattern.compile("iot:Certificate\\.(?:Subject|Issuer)\\.[A-Za-z0-9.]+\\.List");
  // What changes while a session lasts, or is not there at all, cannot be put into a pattern.
  private static final Set<String> NOT_VARIABLES =
      Set.of(
          "aws:CurrentTime",
          "aws:EpochTime",
          "iot:ConnectAttributes",
          "iot:LastWillTopic",
          "cognito-identity.amazonaws.com:sub");
  private static final Pattern NOT_SUBSTITUTED = Pattern.compile("[*$+?#]");
  private static final Pattern ESCAPED = Pattern.compile("[,\"\\\\+=<>;]");

  /** Reads what stands between <code>${</code> and <code>}</code>. */
  static Variable parse(String name, Place at) throws MalformedPolicy {
    return find(name).orElseThrow(() -> refusal(name, at));
  }

  /** The variable of that name; nothing if there is none. */
  static Optional<Variable> find(String name) {
    var plain = PLAIN.get(name);
    if (plain != null) {
      return Optional.of(new Variable(plain, "", 0));
    }
    var attribute = THING_ATTRIBUTE.matcher(name);
    if (attribute.matches()) {
      return Optional.of(new Variable(Source.THING_ATTRIBUTE, attribute.group(1), 0));
    }
    var certificate = CERTIFICATE.matcher(name);
    if (certificate.matches()) {
      var index = certificate.group(2);
      return Optional.of(
          new Variable(
              Source.CERTIFICATE,
              certificate.group(1),
              index == null ? 0 : Integer.parseInt(index)));
    }
    var single = CERTIFICATE_PLAIN.matcher(name);
    return single.matches()
        ? Optional.of(new Variable(Source.CERTIFICATE, single.group(1), 0))
        : Optional.empty();
  }

  /** As documents write it between <code>${</code> and <code>}</code>. */
  String name() {
    return switch (source) {
      case THING_ATTRIBUTE -> "iot:Connection.Thing.Attributes[" + key + "]";
      case CERTIFICATE -> "iot:Certificate." + key + (index == 0 ? "" : "." + index);
      default ->
          PLAIN.entrySet().stream()
              .filter(entry -> entry.getValue() == source)
              .findFirst()
              .orElseThrow()
              .getKey();
    };
  }

  private static MalformedPolicy refusal(String name, Place at) {
    if (NOT_VARIABLES.contains(name)) {
      return at.refuse(Reason.UNSUPPORTED, "not supported as a variable: " + Text.quoted(name));
    }
    if (CERTIFICATE_LIST.matcher(name).matches()) {
      return at.refuse(
          Reason.VARIABLE, "a list of values cannot be put into a text: " + Text.quoted(name));
    }
    if (name.equals("iot:Thing.ThingName")) {
      return at.refuse(
          Reason.VARIABLE,
          "unknown variable: 'iot:Thing.ThingName', write 'iot:Connection.Thing.ThingName'");
    }
    return at.refuse(Reason.VARIABLE, "unknown variable: " + Text.quoted(name));
  }

  /** The value in this session, or null if there is none that may be put into a pattern. */
  @Nullable String valueFor(Subject subject, Mode mode) {
    var assumed = subject.assumed().isEmpty() ? null : subject.assumed().get(name());
    var value = assumed == null ? known(subject) : assumed.getFirst();
    return value == null || !isSubstitutable(value, mode) ? null : value;
  }

  private @Nullable String known(Subject subject) {
    return switch (source) {
      case CLIENT_ID -> subject.clientId();
      case THING_NAME -> subject.thingName();
      case THING_TYPE -> subject.thingType();
      case THING_ATTACHED -> Boolean.toString(subject.attached());
      case THING_ATTRIBUTE -> subject.thingAttributes().get(key);
      case CERTIFICATE -> certificateValue(subject.certificate().apply(key));
      case SOURCE_IP -> subject.connection().sourceAddress();
      case DOMAIN_NAME -> subject.connection().domainName();
      case SECURE_TRANSPORT -> word(subject.connection().secureTransport());
      case LISTENER_NAME -> subject.connection().listenerName();
    };
  }

  private static @Nullable String word(@Nullable Boolean value) {
    return value == null ? null : value.toString();
  }

  private static boolean isSubstitutable(String value, Mode mode) {
    if (value.isEmpty() || !Text.isPrintable(value)) {
      return false;
    }
    // Danger: a client id '+' would make topicfilter/my/${iot:ClientId} an MQTT wildcard.
    return mode == Mode.AWS_COMPAT || (value.indexOf('+') < 0 && value.indexOf('#') < 0);
  }

  private @Nullable String certificateValue(List<String> values) {
    if (index >= Math.min(values.size(), VALUES_MAX)) {
      return null;
    }
    var value = values.get(index);
    if (value.length() > VALUE_LENGTH_MAX || NOT_SUBSTITUTED.matcher(value).find()) {
      return null;
    }
    return ESCAPED.matcher(value).replaceAll("\\\\$0");
  }
}
