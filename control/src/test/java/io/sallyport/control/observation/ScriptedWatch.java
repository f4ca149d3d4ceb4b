package io.sallyport.control.observation;

import io.sallyport.control.enforcement.Watch;
import io.sallyport.identity.Fingerprint;
import io.sallyport.identity.rotation.CertificateUse;
import io.sallyport.policy.Action;
import io.sallyport.policy.Right;
import io.sallyport.policy.StatementRef;
import io.sallyport.policy.activity.Activity;
import io.sallyport.policy.activity.ActivityLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A gate at which a test says what happens. */
public final class ScriptedWatch implements Watch {
  private final ActivityLog log = new ActivityLog();
  private final Set<Right> used = new HashSet<>();
  private final List<CertificateUse> carried = new ArrayList<>();

  /** Somebody does something that is allowed. */
  public ScriptedWatch saw(String principal, Action action, String name, boolean wouldBeDenied) {
    log.of(principal).saw(action, name.getBytes(StandardCharsets.UTF_8), wouldBeDenied);
    return this;
  }

  /** A resource of a statement of a policy's version decides. */
  public ScriptedWatch used(String policy, int version, int statement, Action action, int number) {
    used.add(new Right(new StatementRef(policy, version, statement, "", 1), action, number));
    return this;
  }

  /** Connections with a certificate carry something. */
  public ScriptedWatch carried(Fingerprint certificate, long messages, long bytes) {
    carried.add(new CertificateUse(certificate, messages, bytes));
    return this;
  }

  @Override
  public List<CertificateUse> uses() {
    var taken = List.copyOf(carried);
    carried.clear();
    return taken;
  }

  @Override
  public List<Activity> activity() {
    return log.drain();
  }

  @Override
  public Set<Right> usage() {
    var taken = Set.copyOf(used);
    used.clear();
    return taken;
  }
}
