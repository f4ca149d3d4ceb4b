package io.sallyport.conformance.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * The rules of the design for the packages below one root: the product's, or a planted world that
 * breaks them.
 *
 * @param root the package that holds one package for each module
 */
record Architecture(String root) {
  /** What every module may use: the JDK and the marks that the compiler reads. */
  private static final List<String> EVERYWHERE =
      List.of("java..", "javax..", "org.jspecify..", "com.google.errorprone.annotations..");

  /** Calls that ask the weather for the time or for luck, without an argument that could fix it. */
  private static final Set<String> WEATHER =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.lang.Thread.sleep",
          "java.lang.Math.random",
          "java.util.UUID.randomUUID",
          "java.util.random.RandomGenerator.getDefault",
          "java.time.InstantSource.system",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.system");

  /** One module's row of the design's table. */
  record Border(String module, Set<String> below, List<String> foreign) {}

  static final List<Border> BORDERS =
      List.of(
          new Border("identity", Set.of(), List.of("org.bouncycastle..", "com.upokecenter..")),
          new Border(
              "policy", Set.of("identity"), List.of("dk.brics.automaton..", "tools.jackson..")),
          new Border("ledger", Set.of("identity"), List.of()),
          new Border(
              "firmware", Set.of("identity"), List.of("org.bouncycastle..", "tools.jackson..")),
          new Border("simulation", Set.of("identity"), List.of()),
          new Border(
              "exchange", Set.of("identity"), List.of("io.netty..", "org.sqlite..", "org.slf4j..")),
          new Border(
              "gateway",
              Set.of("identity", "policy", "ledger", "exchange"),
              List.of("io.netty..", "org.slf4j..")),
          new Border(
              "control",
              Set.of("identity", "policy", "ledger", "firmware"),
              List.of(
                  "com.zaxxer.hikari..",
                  "io.javalin..",
                  "io.prometheus..",
                  "jakarta.servlet..",
                  "org.eclipse.jetty..",
                  "org.flywaydb..",
                  "org.jdbi..",
                  "org.postgresql..",
                  "org.sqlite..",
                  "org.slf4j..",
                  "com.fasterxml.jackson.annotation..",
                  "tools.jackson..")),
          new Border(
              "agent",
              Set.of("identity", "firmware"),
              List.of(
                  "io.netty..",
                  "org.slf4j..",
                  "com.fasterxml.jackson.annotation..",
                  "tools.jackson..")),
          new Border(
              "cli",
              // Policies are checked and tested, and firmware is signed, without a server.
              Set.of("identity", "policy", "firmware"),
              List.of("com.fasterxml.jackson.annotation..", "picocli..", "tools.jackson..")));

  /** Everything that must hold. */
  List<ArchRule> rules() {
    var all = new ArrayList<ArchRule>();
    BORDERS.forEach(border -> all.add(knowsOnlyWhatIsBelow(border)));
    all.addAll(
        List.of(
            neverKnows("gateway", "control"),
            neverKnows("control", "gateway"),
            neverKnows("control", "exchange"),
            noCircles(),
            pureModulesTouchNothing(),
            pureModulesLookUpNoNames(),
            foreignOnlyAt("io.netty..", "gateway", "exchange", "agent.mqtt", "bench"),
            foreignOnlyAt("org.jdbi..", "control"),
            foreignOnlyAt("io.opentelemetry..", "app.tracing"),
            foreignOnlyAt("org.shredzone..", "app.acme"),
            foreignOnlyAt("io.javalin..", "control"),
            foreignOnlyAt(
                "org.bouncycastle..",
                "identity.issuance",
                "identity.attestation",
                "identity.cms",
                "identity.flash",
                "identity.keys",
                "identity.lint",
                "identity.manufacturer",
                "firmware.rauc",
                "firmware.seal",
                "testkit",
                "bench"),
            foreignOnlyAt("com.upokecenter..", "identity.cose"),
            foreignOnlyAt("picocli..", "cli", "app", "bench"),
            foreignOnlyAt("org.sqlite..", "exchange", "control"),
            weatherComesFromOutside(),
            privateKeysStayAtTheirPlaces()));
    return all;
  }

  ArchRule knowsOnlyWhatIsBelow(Border border) {
    var allowed =
        Stream.of(
                EVERYWHERE.stream(),
                border.foreign().stream(),
                border.below().stream().map(this::module),
                Stream.of(module(border.module())))
            .flatMap(part -> part)
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(module(border.module()))
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed).or(arraysOfPrimitives()))
        .as(border.module() + " knows only what the design puts below it");
  }

  ArchRule neverKnows(String module, String other) {
    return noClasses()
        .that()
        .resideInAPackage(module(module))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(module(other))
        .as(module + " never knows " + other);
  }

  ArchRule noCircles() {
    return slices()
        .matching(root + ".(*)..")
        .should()
        .beFreeOfCycles()
        .as("no module leads back to itself");
  }

  /** A PKCS #11 token is a device: whoever calls it may have to wait, and may be interrupted. */
  ArchRule pureModulesTouchNothing() {
    return noClasses()
        .that()
        .resideInAnyPackage(
            module("identity"), module("policy"), module("ledger"), module("firmware"))
        .and()
        .resideOutsideOfPackage(module("identity.issuance.token"))
        .should()
        .dependOnClassesThat(isWeatherOrWire())
        .as("identity, policy, ledger and firmware have no sockets, threads or clock");
  }

  /** Reading an address as it is written asks nobody. */
  ArchRule pureModulesLookUpNoNames() {
    return noClasses()
        .that()
        .resideInAnyPackage(
            module("identity"), module("policy"), module("ledger"), module("firmware"))
        .should()
        .callMethodWhere(looksUpNames())
        .as("identity, policy, ledger and firmware look up no names");
  }

  ArchRule foreignOnlyAt(String library, String... places) {
    var homes = Stream.of(places).map(this::module).toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(homes)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .as(library + " is used only in " + List.of(places));
  }

  ArchRule weatherComesFromOutside() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(module("app"), module("bench"), module("testkit"))
        .should()
        .callCodeUnitWhere(asksTheWeather())
        .as("time and luck are injected, except where the process is wired");
  }

  ArchRule privateKeysStayAtTheirPlaces() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(
            module("identity.issuance"),
            module("identity.cms"),
            module("firmware.signing"),
            module("agent.bundle"),
            module("agent.tls"),
            module("gateway.tls"),
            module("control.rest"),
            module("app"),
            module("cli"),
            module("testkit"),
            module("bench"))
        .should()
        .dependOnClassesThat(
            describe(
                "hold a private key",
                type ->
                    type.isAssignableTo(java.security.PrivateKey.class)
                        || type.isEquivalentTo(java.security.KeyPair.class)
                        || type.isEquivalentTo(java.security.KeyPairGenerator.class)))
        .as("private keys are held only where they are issued, served or flashed");
  }

  private String module(String name) {
    return root + "." + name + "..";
  }

  private static DescribedPredicate<JavaClass> arraysOfPrimitives() {
    return describe(
        "primitives and their arrays",
        type ->
            type.isPrimitive() || (type.isArray() && type.getBaseComponentType().isPrimitive()));
  }

  private static DescribedPredicate<JavaClass> isWeatherOrWire() {
    return describe(
        "sockets, threads or clocks",
        type ->
            type.getPackageName().startsWith("java.net.http")
                || type.getPackageName().startsWith("javax.net")
                || type.isAssignableTo(NetworkChannel.class)
                || type.isAssignableTo(SelectableChannel.class)
                || type.isAssignableTo(Selector.class)
                || type.isEquivalentTo(Thread.class)
                || type.isEquivalentTo(java.time.Clock.class)
                || type.isAssignableTo(java.util.concurrent.Executor.class)
                || type.isEquivalentTo(java.util.concurrent.Executors.class)
                || type.isEquivalentTo(java.util.Timer.class)
                || type.isAssignableTo(java.net.Socket.class)
                || type.isAssignableTo(java.net.ServerSocket.class)
                || type.isAssignableTo(java.net.DatagramSocket.class)
                || type.isAssignableTo(java.net.URLConnection.class));
  }

  private static DescribedPredicate<JavaCall<?>> looksUpNames() {
    return describe(
        "looks up a name",
        call ->
            call.getTargetOwner().isAssignableTo(java.net.InetAddress.class)
                && !Set.of("ofLiteral", "getAddress").contains(call.getName()));
  }

  private static DescribedPredicate<JavaCall<?>> asksTheWeather() {
    return describe(
        "asks the weather for time or luck",
        call -> {
          var owner = call.getTargetOwner();
          var target = owner.getFullName() + "." + call.getName();
          var bare = call.getTarget().getRawParameterTypes().isEmpty();
          return WEATHER.contains(target)
              || (bare
                  && owner.getPackageName().equals("java.time")
                  && call.getName().equals("now"))
              || (bare
                  && owner.isAssignableTo(Random.class)
                  && !owner.isAssignableTo(java.security.SecureRandom.class)
                  && call.getName().equals("<init>"))
              || owner.isEquivalentTo(ThreadLocalRandom.class);
        });
  }
}
