package io.sallyport.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.registry.DeviceFacts;
import io.sallyport.control.registry.Grants;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.Standing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BelievedTest {
  /** A fleet of a million holds these once, not a million times. */
  @Test
  void whoIsAlikeSharesWhatIsAlike() {
    var believed = new Believed();
    var first = believed.of(device("d-1", Map.of("site", "berlin")));
    var second = believed.of(device("d-2", Map.of("site", "ber".concat("lin"))));
    var third = believed.of(device("d-3", Map.of("site", "paris")));

    assertThat(second.attributes()).isSameAs(first.attributes());
    assertThat(second.policies()).isSameAs(first.policies());
    assertThat(second.state()).isSameAs(first.state());
    assertThat(second.thingType()).isSameAs(first.thingType());
    assertThat(third.attributes()).isEqualTo(Map.of("site", "paris"));
    assertThat(third.state()).isSameAs(first.state());
  }

  private static PrincipalRecord device(String id, Map<String, String> attributes) {
    return new PrincipalRecord(
        new PrincipalId(id),
        PrincipalKind.DEVICE,
        Standing.ACTIVE,
        "pu".concat("mp"),
        attributes,
        Grants.NONE,
        DeviceFacts.UNKNOWN,
        List.of(),
        Instant.EPOCH);
  }
}
