package io.sallyport.gateway;

import io.sallyport.gateway.est.EstCounters;
import io.sallyport.gateway.est.EstDoor;
import io.sallyport.gateway.topic.DeviceDoor;
import io.sallyport.gateway.topic.TopicDoor;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The doors beside that for messages; each is there or not from the start on. */
final class SideDoors {
  volatile @Nullable EstDoor est;
  volatile @Nullable TopicDoor topics;
  volatile @Nullable DeviceDoor devices;

  /** Whether certificates of manufacturers' authorities come to a desk. */
  boolean takesManufacturers() {
    var door = est;
    return door != null && door.takesManufacturers();
  }

  /** How long ago a certificate may have expired that is renewed there. */
  Duration expiredMax() {
    var door = est;
    return door == null ? Duration.ZERO : door.expiredMax();
  }

  /** What the EST door answered, if there is one. */
  List<EstCounters.Count> estAnswers() {
    var door = est;
    return door == null ? List.of() : door.counters().all();
  }

  /** Whether claims may call services where MQTT is spoken. */
  boolean takesClaims() {
    return topics != null;
  }
}
