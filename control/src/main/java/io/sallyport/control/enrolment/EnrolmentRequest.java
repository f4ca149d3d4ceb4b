package io.sallyport.control.enrolment;

import io.sallyport.identity.PrincipalKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks for who brings a device or a backend; nothing of it is checked yet.
 *
 * @param csr a PKCS#10 request in PEM
 * @param policies the names of those to attach; the default policy of the kind when null
 * @param validityDays the certificate's lifetime; the configured one when null
 */
public record EnrolmentRequest(
    PrincipalKind kind,
    String id,
    String csr,
    Map<String, String> attributes,
    String thingType,
    @Nullable List<String> policies,
    @Nullable Integer validityDays) {
  public EnrolmentRequest {
    attributes = Map.copyOf(attributes);
    policies = policies == null ? null : List.copyOf(policies);
  }
}
