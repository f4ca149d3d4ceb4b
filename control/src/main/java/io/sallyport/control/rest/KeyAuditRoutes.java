package io.sallyport.control.rest;

import io.sallyport.control.audit.FleetKeys;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.identity.lint.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificates and keys of the fleet, page by page, each with what is wrong with it. */
final class KeyAuditRoutes {
  private static final long LIMIT_DEFAULT = 200;

  private final FleetKeys keys;

  KeyAuditRoutes(FleetKeys keys) {
    this.keys = keys;
  }

  record FindingView(String rule, String severity, String source, String detail) {
    static FindingView of(Finding finding) {
      return new FindingView(
          finding.rule(), finding.severity().word(), finding.source(), finding.detail());
    }
  }

  record CertificateView(
      String serial,
      String kind,
      String principal,
      String key,
      String algorithm,
      int bits,
      @Nullable String modulus,
      List<FindingView> findings) {
    static CertificateView of(FleetKeys.Audited one) {
      return new CertificateView(
          one.serial(),
          one.kind(),
          one.principal(),
          one.key(),
          one.algorithm(),
          one.bits(),
          one.modulus(),
          one.findings().stream().map(FindingView::of).toList());
    }
  }

  record PageView(
      long total,
      List<FleetKeys.Duplicate> duplicates,
      List<CertificateView> certificates,
      @Nullable String next) {}

  List<Route> routes() {
    return List.of(Route.get("/api/v1/audit/keys", Role.VIEWER, this::page));
  }

  private Answer page(Call call) {
    var limit = call.number("limit", 1, FleetKeys.PAGE_MAX);
    var page = keys.page(call.query("after", ""), (int) (limit == null ? LIMIT_DEFAULT : limit));
    return Answer.ok(
        new PageView(
            page.total(),
            page.duplicates(),
            page.certificates().stream().map(CertificateView::of).toList(),
            page.next()));
  }
}
