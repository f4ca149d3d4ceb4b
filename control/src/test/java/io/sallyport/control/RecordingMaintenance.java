package io.sallyport.control;

import io.sallyport.control.enforcement.Maintenance;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told to do; a reload by {@link #refusing} is refused. */
public final class RecordingMaintenance implements Maintenance {
  public final List<String> told = new CopyOnWriteArrayList<>();
  public volatile boolean refusing;
  private volatile boolean draining;

  @Override
  public Reload reload(String actor) {
    told.add("reload by " + actor);
    return refusing
        ? new Reload.Kept("s.yaml:3:9: mqtt.port: 'x' is not a whole number")
        : new Reload.Applied(List.of("log.level"), List.of("mqtt.port"));
  }

  @Override
  public Map<String, Object> reloadStatus() {
    return Map.of("failed", refusing);
  }

  @Override
  public boolean drain(DrainOrder order, String actor) {
    told.add(order + " by " + actor);
    draining = true;
    return true;
  }

  @Override
  public boolean undrain(String actor) {
    var was = draining;
    draining = false;
    return was;
  }

  @Override
  public Map<String, Object> drainStatus() {
    return Map.of("draining", draining, "sent", 0, "remaining", 0);
  }
}
