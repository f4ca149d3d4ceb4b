package io.sallyport.policy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: the facts that policy variables are filled from.
 *
 * @param clientId the MQTT client id of the session
 * @param thingName the registered device, or null for a principal that is none
 * @param thingType its type, or null if it has none
 * @param thingAttributes its attributes
 * @param certificate the certificate's attributes, by their AWS names without the prefix {@code
 *     iot:Certificate.}, for example {@code Subject.CommonName}
 * @param attached whether the thing belongs to this certificate
 */
public record Subject(
    String clientId,
    @Nullable String thingName,
    @Nullable String thingType,
    Map<String, String> thingAttributes,
    Map<String, List<String>> certificate,
    boolean attached) {

  /** Copies what could change. */
  public Subject {
    thingAttributes = Map.copyOf(thingAttributes);
    certificate =
        certificate.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
  }

  /** A principal whose certificate decides which thing it is, as every principal of ours. */
  public Subject(
      String clientId,
      @Nullable String thingName,
      @Nullable String thingType,
      Map<String, String> thingAttributes,
      Map<String, List<String>> certificate) {
    this(clientId, thingName, thingType, thingAttributes, certificate, thingName != null);
  }
}
