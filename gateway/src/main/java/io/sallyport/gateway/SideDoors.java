package io.sallyport.gateway;

import io.sallyport.gateway.est.EstCounters;
import io.sallyport.gateway.est.EstDoor;
import io.sallyport.gateway.topic.TopicDoor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The doors for those who are not devices yet; each is there or not from the start on. */
final class SideDoors {
  volatile @Nullable EstDoor est;
  volatile @Nullable TopicDoor topics;

  /** Whether certificates of manufacturers' authorities come to a desk. */
  boolean takesManufacturers() {
    var door = est;
    return door != null && door.takesManufacturers();
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
