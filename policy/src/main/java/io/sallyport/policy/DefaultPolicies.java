package io.sallyport.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a new principal may do until somebody decides otherwise; visible and replaceable. */
public final class DefaultPolicies {
  /** Attached to a new device unless its enrolment names others. */
  public static final String DEVICE = "default-device";

  /** Attached to a new backend unless its enrolment names others. */
  public static final String BACKEND = "default-backend";

  /** Attached to the server's own services. */
  public static final String SERVICES = "default-services";

  private DefaultPolicies() {}

  /** The document {@link #DEVICE}. */
  public static PolicyDocument device() {
    return read(DEVICE);
  }

  /** The document {@link #BACKEND}. */
  public static PolicyDocument backend() {
    return read(BACKEND);
  }

  /** The document {@link #SERVICES}. */
  public static PolicyDocument services() {
    return read(SERVICES);
  }

  /** What {@link #device} was in earlier versions, which an installation may still have. */
  public static List<PolicyDocument> formerDevice() {
    return List.of(read(DEVICE + "-1"));
  }

  private static PolicyDocument read(String name) {
    try (var in = DefaultPolicies.class.getResourceAsStream(name + ".json")) {
      if (in == null) {
        throw new IllegalStateException("resource missing: '" + name + "'");
      }
      return PolicyDocument.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedPolicy e) {
      throw new IllegalStateException("default policy malformed: " + e.located(), e);
    }
  }
}
