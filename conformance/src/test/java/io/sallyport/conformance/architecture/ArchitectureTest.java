package io.sallyport.conformance.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The product's modules keep to the design, and every rule is able to fail. */
class ArchitectureTest {
  private static final String PRODUCT = "io.sallyport";
  private static final String PLANTED = "io.sallyport.conformance.architecture.planted";

  private static final Architecture DESIGN = new Architecture(PRODUCT);
  private static final Architecture BROKEN = new Architecture(PLANTED);

  private static final JavaClasses PRODUCT_CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(PRODUCT);
  private static final JavaClasses PLANTED_CLASSES =
      new ClassFileImporter().importPackages(PLANTED);

  @TestFactory
  Stream<DynamicTest> holdsForEveryModule() {
    return DESIGN.rules().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.getDescription(),
                    () -> rule.allowEmptyShould(true).check(PRODUCT_CLASSES)));
  }

  /** Otherwise a module that was forgotten on the class path would pass every rule. */
  @Test
  void seesEveryModule() {
    var seen =
        PRODUCT_CLASSES.stream()
            .map(type -> type.getPackageName().replaceFirst("^io\\.sallyport\\.?", ""))
            .map(name -> name.replaceFirst("\\..*", ""))
            .distinct()
            .toList();

    assertThat(seen)
        .contains(
            "identity",
            "policy",
            "ledger",
            "firmware",
            "exchange",
            "gateway",
            "control",
            "cli",
            "agent",
            "app",
            "simulation",
            "testkit",
            "bench");
  }

  @Test
  void catchesAPolicyThatOpensASocket() {
    catches(BROKEN.pureModulesTouchNothing(), "policy.OpensSocket");
  }

  @Test
  void catchesPolicyThatLooksUpNames() {
    catches(BROKEN.pureModulesLookUpNoNames(), "policy.LooksUpName");
  }

  @Test
  void catchesALedgerThatStartsAThread() {
    catches(BROKEN.pureModulesTouchNothing(), "ledger.StartsThread");
  }

  @Test
  void catchesAnIdentityThatReadsTheClock() {
    catches(BROKEN.weatherComesFromOutside(), "identity.ReadsClock");
  }

  @Test
  void catchesEveryWayToAskForLuck() {
    for (var way : List.of("rollsDice", "makesUuid", "asksThreadLocal", "sleeps", "countsNanos")) {
      catches(BROKEN.weatherComesFromOutside(), "gateway.AsksForLuck." + way);
    }
  }

  @Test
  void catchesAGatewayThatKnowsControl() {
    catches(BROKEN.neverKnows("gateway", "control"), "gateway.KnowsControl");
    catches(BROKEN.knowsOnlyWhatIsBelow(border("gateway")), "gateway.KnowsControl");
  }

  @Test
  void catchesAControlThatUsesNetty() {
    catches(
        BROKEN.foreignOnlyAt("io.netty..", "gateway", "exchange", "bench"), "control.UsesNetty");
    catches(BROKEN.knowsOnlyWhatIsBelow(border("control")), "control.UsesNetty");
  }

  @Test
  void catchesBouncyCastleOutsideOfIssuance() {
    catches(
        BROKEN.foreignOnlyAt("org.bouncycastle..", "identity.issuance"),
        "identity.UsesBouncyCastle");
  }

  @Test
  void catchesAnExchangeThatReachesUpwards() {
    catches(BROKEN.knowsOnlyWhatIsBelow(border("exchange")), "exchange.ReachesUp");
  }

  @Test
  void catchesAPrivateKeyInControl() {
    catches(BROKEN.privateKeysStayAtTheirPlaces(), "control.HoldsKey");
  }

  @Test
  void catchesACircleOfModules() {
    assertThatThrownBy(() -> BROKEN.noCircles().check(PLANTED_CLASSES))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Cycle detected");
  }

  private static void catches(ArchRule rule, String culprit) {
    assertThatThrownBy(() -> rule.check(PLANTED_CLASSES))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(PLANTED + "." + culprit);
  }

  private static Architecture.Border border(String module) {
    return Architecture.BORDERS.stream()
        .filter(border -> border.module().equals(module))
        .findFirst()
        .orElseThrow();
  }
}
