package io.sallyport.control.provisioning;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request topic of the device provisioning MQTT API of AWS IoT.
 *
 * @param template the template that it is about; null where it is about none
 */
record ProvisioningTopic(Operation operation, PayloadFormat format, @Nullable String template) {
  /** The operations of the API. */
  enum Operation {
    CREATE_CERTIFICATE_FROM_CSR("create-certificate-from-csr"),
    /** Always refused: a device's key is made on the device. */
    CREATE_KEYS_AND_CERTIFICATE("create-keys-and-certificate"),
    REGISTER_THING("register-thing");

    private final String word;

    Operation(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  private static final String ACCEPTED = "/accepted";
  private static final String REJECTED = "/rejected";
  private static final Pattern FORM =
      Pattern.compile(
          "\\$aws/(?:certificates/(create-from-csr|create)"
              + "|provisioning-templates/([0-9A-Za-z_-]{1,36})/provision)/(json|cbor)");

  static Optional<ProvisioningTopic> parse(String topic) {
    var parts = FORM.matcher(topic);
    if (!parts.matches()) {
      return Optional.empty();
    }
    var format = parts.group(3).equals("json") ? PayloadFormat.JSON : PayloadFormat.CBOR;
    if (parts.group(2) != null) {
      return Optional.of(new ProvisioningTopic(Operation.REGISTER_THING, format, parts.group(2)));
    }
    return Optional.of(
        new ProvisioningTopic(
            parts.group(1).equals("create")
                ? Operation.CREATE_KEYS_AND_CERTIFICATE
                : Operation.CREATE_CERTIFICATE_FROM_CSR,
            format,
            null));
  }

  /** Every request topic for those templates. */
  static Set<String> requests(List<String> templates) {
    var topics = new TreeSet<String>();
    for (var format : List.of("json", "cbor")) {
      topics.add("$aws/certificates/create-from-csr/" + format);
      topics.add("$aws/certificates/create/" + format);
      templates.forEach(
          name -> topics.add("$aws/provisioning-templates/" + name + "/provision/" + format));
    }
    return topics;
  }

  /** Every filter under which the answers to those requests come; clients use the last, too. */
  static Set<String> replies(Set<String> requests) {
    var filters = new TreeSet<String>();
    for (var request : requests) {
      filters.add(request + ACCEPTED);
      filters.add(request + REJECTED);
      filters.add(request + "/+");
    }
    return filters;
  }

  static String accepted(String request) {
    return request + ACCEPTED;
  }

  static String rejected(String request) {
    return request + REJECTED;
  }
}
