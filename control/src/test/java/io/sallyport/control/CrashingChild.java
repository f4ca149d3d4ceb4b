package io.sallyport.control;

import io.sallyport.control.enforcement.CutReason;
import io.sallyport.control.enforcement.Enforcement;
import io.sallyport.control.enforcement.ReceiptStep;
import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.EnrolmentRequest;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.control.revocation.Outcome;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.RevocationReason;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.Serials;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Enrols and revokes without end and says what was acknowledged, until somebody kills it. */
final class CrashingChild {
  private CrashingChild() {}

  public static void main(String[] args) {
    var clock = InstantSource.system();
    var authorities = Authorities.create(Serials.random(), clock.instant());
    var control =
        Control.open(Desk.CONFIGURATION, Database.open(args[0], null, null), authorities, clock);
    var none = Surroundings.none();
    var surroundings =
        new Surroundings(
            new SlowEnforcement(),
            none.connections(),
            none.metrics(),
            none.retained(),
            none.gatewayStatus(),
            none.exchangeStatus(),
            none.bans(),
            none.gatewayHost(),
            none.gatewayPort(),
            none.pins(),
            none.maintenance(),
            none.listeners());
    control.serve(surroundings, Desk.credentials(authorities, clock.instant()), () -> false);
    for (int index = 0; ; index++) {
      enrolAndPerhapsRevoke(control, "crash-" + index, index % 3 == 0);
    }
  }

  private static void enrolAndPerhapsRevoke(Control control, String id, boolean revoke) {
    var csr = Desk.csr(id);
    say(
        "asking "
            + id
            + " "
            + Base64.getEncoder().encodeToString(csr.getBytes(StandardCharsets.US_ASCII)));
    var request = new EnrolmentRequest(PrincipalKind.DEVICE, id, csr, Map.of(), "", null, null);
    if (control.enroller().enrol(request, "child") instanceof Enrolment.Issued) {
      say("enrolled " + id);
    }
    if (revoke) {
      var outcome =
          control
              .revoker()
              .revoke(
                  PrincipalKind.DEVICE,
                  new PrincipalId(id),
                  RevocationReason.KEY_COMPROMISE,
                  "child");
      if (outcome instanceof Outcome.Cut) {
        say("revoked " + id);
      }
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /** Takes its time to cut, so that the end comes in the middle of it. */
  private static final class SlowEnforcement implements Enforcement {
    @Override
    public void trustChanged(PrincipalRecord principal) {}

    @Override
    public List<ReceiptStep> cut(PrincipalId id, CutReason why) {
      say("cutting " + id);
      try {
        Thread.sleep(30);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return List.of();
    }
  }
}
