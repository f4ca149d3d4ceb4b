package io.sallyport.control.enrolment.authority;

import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.registry.ThingForm;
import io.sallyport.control.store.StringMaps;
import io.sallyport.identity.Pem;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.policy.PolicySet;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * What a device will be once it has enrolled itself; the operator says so beforehand.
 *
 * @param policies the names of those to attach; the default policy when null
 * @param validityDays the certificate's lifetime; the configured one when null
 */
public record NewcomerTerms(
    String thingType,
    Map<String, String> attributes,
    @Nullable List<String> policies,
    @Nullable Integer validityDays) {
  private static final int VALIDITY_DAYS_MAX = 3650;

  /** What a device is of which nobody said anything. */
  public static final NewcomerTerms DEFAULTS = new NewcomerTerms("", Map.of(), null, null);

  public static final String COLUMNS = "thing_type, attributes, policies, validity_days";
  public static final String VALUES = ":thingType, :attributes, :policies, :validityDays";

  public NewcomerTerms {
    attributes = Map.copyOf(attributes);
    policies = policies == null ? null : List.copyOf(policies);
  }

  /** What is wrong with them; the policies must exist when they are attached. */
  public Optional<String> malformation() {
    if (!ThingForm.areAttributes(attributes)) {
      return Optional.of(ThingForm.ATTRIBUTES_ARE);
    }
    if (!ThingForm.isThingType(thingType)) {
      return Optional.of(ThingForm.THING_TYPE_IS);
    }
    if (policies != null
        && (policies.size() > PolicySet.POLICIES_MAX
            || policies.stream().anyMatch(name -> name.isEmpty() || name.contains(",")))) {
      return Optional.of("at most 10 policies, by their names");
    }
    if (validityDays != null && (validityDays < 1 || validityDays > VALIDITY_DAYS_MAX)) {
      return Optional.of("validityDays is from 1 to " + VALIDITY_DAYS_MAX);
    }
    return Optional.empty();
  }

  EnrolmentRequest request(PrincipalId id, byte[] csr) {
    return new EnrolmentRequest(
        PrincipalKind.DEVICE, id.value(), pem(csr), attributes, thingType, policies, validityDays);
  }

  static String pem(byte[] csr) {
    return new String(Pem.encode("CERTIFICATE REQUEST", csr), StandardCharsets.US_ASCII);
  }

  /** Binds what {@link #VALUES} names. */
  public <S extends SqlStatement<S>> S bind(S update) {
    return update
        .bind("thingType", thingType)
        .bind("attributes", StringMaps.write(attributes))
        .bind("policies", policies == null ? null : String.join(",", policies))
        .bind("validityDays", validityDays);
  }

  /** Reads what {@link #COLUMNS} names. */
  public static NewcomerTerms read(ResultSet row) throws SQLException {
    var policies = row.getString("policies");
    int days = row.getInt("validity_days");
    boolean defaultDays = row.wasNull();
    return new NewcomerTerms(
        row.getString("thing_type"),
        StringMaps.read(row.getString("attributes")),
        policies == null ? null : names(policies),
        defaultDays ? null : days);
  }

  private static List<String> names(String joined) {
    return joined.isEmpty() ? List.of() : Arrays.asList(joined.split(","));
  }
}
