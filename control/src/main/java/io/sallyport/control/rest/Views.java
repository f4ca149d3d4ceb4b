package io.sallyport.control.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.sallyport.control.enforcement.LiveConnections.LiveConnection;
import io.sallyport.control.enforcement.ReceiptStep;
import io.sallyport.control.enforcement.SourceBans.SourceBan;
import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.gateways.GatewayAnswer;
import io.sallyport.control.gateways.GatewayRecord;
import io.sallyport.control.gateways.Peers;
import io.sallyport.control.operators.OperatorRecord;
import io.sallyport.control.registry.CertificateRecord;
import io.sallyport.control.registry.Grants;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.control.revocation.Receipt;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.Serial;
import io.sallyport.identity.rotation.CertificateUse;
import io.sallyport.ledger.LedgerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What clients get; each record is one JSON object, members that are null are left out. */
final class Views {
  private Views() {}

  @JsonInclude(Include.NON_NULL)
  record CertificateView(
      String serial,
      String fingerprint,
      String status,
      Instant notBefore,
      Instant notAfter,
      @Nullable String revocationReason,
      @Nullable String pem,
      @Nullable Long messages,
      @Nullable Long bytes) {
    static CertificateView of(CertificateRecord certificate, boolean withPem) {
      return of(certificate, withPem, null);
    }

    /** The same with what its key protected. */
    static CertificateView of(
        CertificateRecord certificate, boolean withPem, @Nullable CertificateUse use) {
      var reason = certificate.revocationReason();
      return new CertificateView(
          certificate.serial().hex(),
          certificate.fingerprint().hex(),
          word(certificate.status()),
          certificate.notBefore(),
          certificate.notAfter(),
          reason == null ? null : reason.word(),
          withPem ? certificate.pem() : null,
          use == null ? null : use.messages(),
          use == null ? null : use.bytes());
    }
  }

  /** A policy in force, and whether it is attached itself or comes by groups. */
  record EffectiveView(String name, int version, boolean attached, List<String> groups) {}

  @JsonInclude(Include.NON_NULL)
  record PrincipalView(
      String id,
      String kind,
      String standing,
      String thingType,
      Map<String, String> attributes,
      List<String> policies,
      List<String> groups,
      List<EffectiveView> effectivePolicies,
      Map<String, String> tags,
      @Nullable String firmwareVersion,
      @Nullable Boolean attested,
      @Nullable Instant attestedUntil,
      List<CertificateView> certificates,
      Instant enrolledAt,
      boolean online,
      List<LiveConnection> connections) {
    static PrincipalView of(
        PrincipalRecord principal, List<LiveConnection> connections, boolean withPem) {
      return of(principal, connections, withPem, null);
    }

    /**
     * The same with what keys protected, of the certificates whose keys did; null where that is not
     * told.
     */
    static PrincipalView of(
        PrincipalRecord principal,
        List<LiveConnection> connections,
        boolean withPem,
        @Nullable Map<Fingerprint, CertificateUse> uses) {
      return new PrincipalView(
          principal.id().value(),
          principal.kind().word(),
          word(principal.standing()),
          principal.thingType(),
          principal.attributes(),
          principal.grants().attached(),
          principal.grants().groupNames(),
          effective(principal.grants()),
          new TreeMap<>(principal.facts().tags()),
          principal.facts().firmwareVersion(),
          principal.facts().attested(),
          principal.facts().attestedUntil(),
          principal.certificates().stream()
              .map(one -> CertificateView.of(one, withPem, use(uses, one.fingerprint())))
              .toList(),
          principal.enrolledAt(),
          !connections.isEmpty(),
          connections);
    }
  }

  private static @Nullable CertificateUse use(
      @Nullable Map<Fingerprint, CertificateUse> uses, Fingerprint of) {
    return uses == null ? null : uses.getOrDefault(of, new CertificateUse(of, 0, 0));
  }

  private static List<EffectiveView> effective(Grants grants) {
    return grants.effective().stream()
        .map(
            policy ->
                new EffectiveView(
                    policy.name(),
                    policy.version(),
                    grants.attached().contains(policy.name()),
                    grants.groupsWith(policy.name())))
        .toList();
  }

  /** Where devices connect, and the keys by which they may know that it is there. */
  record GatewayView(String host, int port, List<PinView> pins) {
    static GatewayView of(Surroundings surroundings) {
      return new GatewayView(
          surroundings.gatewayHost(),
          surroundings.gatewayPort(),
          surroundings.pins().present().keys().stream()
              .map(key -> new PinView(key.use().word(), key.key().pin()))
              .toList());
    }
  }

  record PinView(String use, String pin) {}

  record IssuedView(
      String id,
      String kind,
      CertificateView certificate,
      List<String> chain,
      String ca,
      GatewayView gateway) {}

  @JsonInclude(Include.NON_NULL)
  record BatchResult(
      String id,
      String status,
      @Nullable CertificateView certificate,
      @Nullable String reason,
      @Nullable String detail) {}

  record BatchView(List<BatchResult> results, List<String> chain, String ca, GatewayView gateway) {}

  record ReceiptView(
      String principal,
      String action,
      String reason,
      Instant at,
      double ms,
      List<String> certificates,
      List<ReceiptStep> steps,
      List<GatewayAnswerView> gateways,
      long ledgerSequence) {
    static ReceiptView of(Receipt receipt) {
      return new ReceiptView(
          receipt.principal().value(),
          receipt.action(),
          receipt.reason(),
          receipt.at(),
          receipt.ms(),
          receipt.certificates().stream().map(Serial::hex).toList(),
          receipt.steps(),
          receipt.gateways().stream().map(GatewayAnswerView::of).toList(),
          receipt.ledgerSequence());
    }
  }

  @JsonInclude(Include.NON_NULL)
  record GatewayAnswerView(
      String gateway,
      String state,
      @Nullable Double ms,
      @Nullable Instant closedFrom,
      List<ReceiptStep> steps) {
    static GatewayAnswerView of(GatewayAnswer answer) {
      return new GatewayAnswerView(
          answer.gateway(),
          answer.state().word(),
          answer.ms(),
          answer.closedFrom(),
          answer.steps());
    }
  }

  /** A gateway as {@code gateway list} shows it. */
  record PeerView(
      String name,
      boolean self,
      String state,
      String version,
      String address,
      Instant startedAt,
      Instant seenAt,
      double silentSeconds,
      double maxAgeSeconds,
      long position,
      long behind) {
    static PeerView of(GatewayRecord gateway, Peers.Gathering all) {
      return new PeerView(
          gateway.name(),
          gateway.name().equals(all.self()),
          word(gateway.state()),
          gateway.version(),
          gateway.address(),
          gateway.startedAt(),
          gateway.seenAt(),
          gateway.silent().toMillis() / 1e3,
          gateway.maxAge().toMillis() / 1e3,
          gateway.position(),
          Math.max(0, all.head() - gateway.position()));
    }
  }

  record LedgerView(
      long sequence,
      Instant at,
      String type,
      String actor,
      String subject,
      Map<String, String> facts,
      String hash) {
    static LedgerView of(LedgerRecord record) {
      var event = record.event();
      return new LedgerView(
          record.sequence(),
          event.at(),
          event.type().word(),
          event.actor(),
          event.subject(),
          event.facts(),
          record.hash().hex());
    }
  }

  @JsonInclude(Include.NON_NULL)
  record VerdictView(
      boolean valid, long records, String head, @Nullable Long brokenAt, @Nullable String why) {}

  record BanView(
      String source, Instant since, Instant until, long secondsLeft, int times, String reason) {
    static BanView of(SourceBan ban, Instant now) {
      long left = Math.max(0, Duration.between(now, ban.until()).toSeconds());
      return new BanView(ban.source(), ban.since(), ban.until(), left, ban.times(), ban.reason());
    }
  }

  record OperatorView(
      String name, String role, List<CertificateView> certificates, Instant enrolledAt) {
    static OperatorView of(OperatorRecord operator, boolean withPem) {
      return new OperatorView(
          operator.name().value(),
          operator.role().word(),
          operator.certificates().stream()
              .map(certificate -> CertificateView.of(certificate, withPem))
              .toList(),
          operator.enrolledAt());
    }
  }

  record CertifiedOperatorView(
      String name, String role, CertificateView certificate, List<String> chain, String ca) {}

  record AuthorityView(
      String name,
      String subject,
      String fingerprint,
      Instant notBefore,
      Instant notAfter,
      String algorithm,
      String pem) {}

  record AuthoritiesView(
      String rootFingerprint,
      String root,
      boolean rootKeyPresent,
      List<AuthorityView> certificates,
      GatewayView gateway) {}

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
