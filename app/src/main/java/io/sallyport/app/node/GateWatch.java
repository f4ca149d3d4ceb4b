package io.sallyport.app.node;

import io.sallyport.control.enforcement.Watch;
import io.sallyport.gateway.connection.Recording;
import io.sallyport.identity.rotation.CertificateUse;
import io.sallyport.policy.Right;
import io.sallyport.policy.activity.Activity;
import java.util.List;
import java.util.Set;

/** What the gateway's sessions use, for control to keep. */
record GateWatch(Recording recording) implements Watch {
  @Override
  public List<Activity> activity() {
    return recording.activity().drain();
  }

  @Override
  public Set<Right> usage() {
    return recording.usage().drain();
  }

  @Override
  public List<CertificateUse> uses() {
    return recording.uses().drain();
  }
}
