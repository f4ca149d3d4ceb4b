package io.sallyport.policy;

import io.sallyport.policy.MalformedPolicy.Reason;
import java.util.List;
import java.util.Map;
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
    CERTIFICATE
  }

  private static final Map<String, Source> PLAIN =
      Map.of(
          "iot:ClientId", Source.CLIENT_ID,
          "iot:Connection.Thing.ThingName", Source.THING_NAME,
          "iot:Connection.Thing.ThingTypeName", Source.THING_TYPE,
          "iot:Connection.Thing.IsAttached", Source.THING_ATTACHED);
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
  private static final Set<String> NOT_YET =
      Set.of(
          "iot:DomainName",
          "aws:CurrentTime",
          "aws:EpochTime",
          "aws:SecureTransport",
          "aws:SourceIp",
          "cognito-identity.amazonaws.com:sub");
  private static final Pattern NOT_SUBSTITUTED = Pattern.compile("[*$+?#]");
  private static final Pattern ESCAPED = Pattern.compile("[,\"\\\\+=<>;]");

  /** Reads what stands between <code>${</code> and <code>}</code>. */
  static Variable parse(String name, Place at) throws MalformedPolicy {
    var plain = PLAIN.get(name);
    if (plain != null) {
      return new Variable(plain, "", 0);
    }
    var attribute = THING_ATTRIBUTE.matcher(name);
    if (attribute.matches()) {
      return new Variable(Source.THING_ATTRIBUTE, attribute.group(1), 0);
    }
    var certificate = CERTIFICATE.matcher(name);
    if (certificate.matches()) {
      var index = certificate.group(2);
      return new Variable(
          Source.CERTIFICATE, certificate.group(1), index == null ? 0 : Integer.parseInt(index));
    }
    var single = CERTIFICATE_PLAIN.matcher(name);
    if (single.matches()) {
      return new Variable(Source.CERTIFICATE, single.group(1), 0);
    }
    throw refusal(name, at);
  }

  private static MalformedPolicy refusal(String name, Place at) {
    if (NOT_YET.contains(name)) {
      return at.refuse(Reason.UNSUPPORTED, "variable not supported yet: " + Text.quoted(name));
    }
    if (CERTIFICATE_LIST.matcher(name).matches()) {
      return at.refuse(
          Reason.VARIABLE, "a list of values has no place in a resource: " + Text.quoted(name));
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
    var value =
        switch (source) {
          case CLIENT_ID -> subject.clientId();
          case THING_NAME -> subject.thingName();
          case THING_TYPE -> subject.thingType();
          case THING_ATTACHED -> Boolean.toString(subject.attached());
          case THING_ATTRIBUTE -> subject.thingAttributes().get(key);
          case CERTIFICATE -> certificateValue(subject.certificate().apply(key));
        };
    return value == null || !isSubstitutable(value, mode) ? null : value;
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
