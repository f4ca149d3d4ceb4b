package io.sallyport.control.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.TestDatabase;
import io.sallyport.control.enforcement.LiveConnections;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.PrincipalId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An arrival that nobody noted costs no device the certificate that it is connected with. */
class MissedArrivalsTest {
  private static final String DEVICE = "dev-1";
  private static final PrincipalId ID = new PrincipalId(DEVICE);

  /** A gate, as far as it says who is connected. */
  private static final class Gate implements LiveConnections {
    final Map<PrincipalId, List<Fingerprint>> connected = new ConcurrentHashMap<>();

    @Override
    public List<LiveConnection> of(PrincipalId id) {
      return List.of();
    }

    @Override
    public List<Fingerprint> certificates(PrincipalId id) {
      return connected.getOrDefault(id, List.of());
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatIsConnectedIsNotWithdrawn(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var gate = new Gate();
      fleet.rotations.watch(gate);
      fleet.enrol(DEVICE);
      var successor = fleet.issued(DEVICE);
      gate.connected.put(ID, List.of(successor));
      // Its time is not near: nobody looks.
      fleet.rotations.look();
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.ISSUED);

      fleet.clock.advance(Duration.ofDays(7));
      fleet.rotations.look();
      fleet.tick();
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.PROVEN);
      fleet.pass(Duration.ofHours(25));
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.RETIRED);
      assertThat(fleet.active(DEVICE)).containsExactly(successor);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void anotherProcessLooksBeforeTheOneThatWithdraws(TestDatabase kind) {
    try (var fleet = new Fleet(kind);
        var beside = Fleet.beside(fleet)) {
      var gate = new Gate();
      beside.rotations.watch(gate);
      fleet.enrol(DEVICE);
      gate.connected.put(ID, List.of(fleet.issued(DEVICE)));
      fleet.clock.advance(Duration.ofDays(7).minusMinutes(5));
      beside.rotations.look();
      fleet.pass(Duration.ofMinutes(6));
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.PROVEN);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whoeverIsConnectedWithTheOldOneOrNotAtAllProvesNothing(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var gate = new Gate();
      fleet.rotations.watch(gate);
      var old = fleet.enrol(DEVICE).fingerprint();
      fleet.issued(DEVICE);
      gate.connected.put(ID, List.of(old));
      fleet.clock.advance(Duration.ofDays(8));
      fleet.rotations.look();
      fleet.tick();
      assertThat(fleet.of(DEVICE).why()).isEqualTo("unproven");
      assertThat(fleet.active(DEVICE)).containsExactly(old);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatIsConnectedCountsMoreThanWhatCameLast(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      var gate = new Gate();
      fleet.rotations.watch(gate);
      var old = fleet.enrol(DEVICE).fingerprint();
      var successor = fleet.issued(DEVICE);
      fleet.arrive(DEVICE, successor);
      fleet.arrive(DEVICE, old);
      // It came with the new one once more, and nobody noted it.
      gate.connected.put(ID, List.of(old, successor));
      fleet.clock.advance(Duration.ofHours(25));
      fleet.rotations.look();
      fleet.tick();
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.RETIRED);
      assertThat(fleet.active(DEVICE)).containsExactly(successor);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void afterArrivalsWereDroppedAllAreLookedAt(TestDatabase kind) {
    try (var fleet = new Fleet(kind)) {
      fleet.enrol(DEVICE);
      var successor = fleet.issued(DEVICE);
      var gate = new Gate();
      gate.connected.put(ID, List.of(successor));
      var proofs = new Proofs(fleet.database, RotationSettings.DEFAULTS, () -> {});
      proofs.watch(gate);
      for (int i = 0; i < Proofs.WAITING_MAX; i++) {
        proofs.arrived(new PrincipalId("other-" + i), successor);
      }
      proofs.look(fleet.clock.instant());
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.ISSUED);

      proofs.arrived(ID, successor);
      assertThat(proofs.dropped()).isEqualTo(1);
      proofs.look(fleet.clock.instant());
      assertThat(fleet.of(DEVICE).state()).isEqualTo(RotationState.PROVEN);
    }
  }
}
