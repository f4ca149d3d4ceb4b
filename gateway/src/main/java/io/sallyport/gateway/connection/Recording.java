package io.sallyport.gateway.connection;

import io.sallyport.policy.UsageLog;
import io.sallyport.policy.activity.ActivityLog;

/** Where the sessions of a gate leave what they use, until somebody takes it from there. */
public record Recording(UsageLog usage, ActivityLog activity, CertificateUses uses) {
  /** Nothing is recorded yet. */
  public Recording(Connections connections) {
    this(new UsageLog(), new ActivityLog(), new CertificateUses(connections));
  }
}
