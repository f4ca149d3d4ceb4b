package io.sallyport.policy;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: the facts that policy variables are filled from and that conditions look at.
 *
 * @param clientId the MQTT client id of the session
 * @param thingName the registered device, or null for a principal that is none
 * @param thingType its type, or null if it has none
 * @param thingAttributes its attributes
 * @param certificate the values of a certificate attribute by its AWS name without the prefix
 *     {@code iot:Certificate.}, for example {@code Subject.CommonName}; empty if it has none. Asked
 *     only for what a policy names, so it may read the certificate as late as that
 * @param attached whether the thing belongs to this certificate
 * @param connection what is known of the connection
 * @param live what may change while the session lasts
 * @param assumed facts to be taken for granted, by the words of condition keys, see {@link
 *     #assuming}
 */
public record Subject(
    String clientId,
    @Nullable String thingName,
    @Nullable String thingType,
    Map<String, String> thingAttributes,
    Function<String, List<String>> certificate,
    boolean attached,
    ConnectionFacts connection,
    LiveFacts live,
    Map<String, List<String>> assumed) {

  /** Copies what could change. */
  public Subject {
    thingAttributes = Map.copyOf(thingAttributes);
    assumed = Map.copyOf(assumed);
  }

  /** A principal whose certificate decides which thing it is, as every principal of ours. */
  public Subject(
      String clientId,
      @Nullable String thingName,
      @Nullable String thingType,
      Map<String, String> thingAttributes,
      Function<String, List<String>> certificate) {
    this(clientId, thingName, thingType, thingAttributes, certificate, thingName != null);
  }

  /** A principal of whose connection nothing is known. */
  public Subject(
      String clientId,
      @Nullable String thingName,
      @Nullable String thingType,
      Map<String, String> thingAttributes,
      Function<String, List<String>> certificate,
      boolean attached) {
    this(
        clientId,
        thingName,
        thingType,
        thingAttributes,
        certificate,
        attached,
        ConnectionFacts.NONE,
        LiveFacts.NONE,
        Map.of());
  }

  /** The same principal on a connection, at a time. */
  public Subject with(ConnectionFacts newConnection, LiveFacts newLive) {
    return new Subject(
        clientId,
        thingName,
        thingType,
        thingAttributes,
        certificate,
        attached,
        newConnection,
        newLive,
        assumed);
  }

  /**
   * The same principal, of whom these facts are taken for granted whatever is known of it; refuses
   * keys that there are not, and values that they cannot have.
   */
  public Subject assuming(Map<String, List<String>> facts) throws MalformedPolicy {
    return new Subject(
        clientId,
        thingName,
        thingType,
        thingAttributes,
        certificate,
        attached,
        connection,
        live,
        Assumptions.checked(facts));
  }

  /** A certificate whose attributes are known already; the map must not change any more. */
  public static Function<String, List<String>> known(Map<String, List<String>> attributes) {
    return name -> attributes.getOrDefault(name, List.of());
  }
}
