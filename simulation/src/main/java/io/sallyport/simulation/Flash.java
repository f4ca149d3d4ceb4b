package io.sallyport.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys and chains that a device has stored, by number. */
final class Flash {
  private final List<Slot> slots = new ArrayList<>(2);

  private record Slot(long generation, int key, @Nullable Certificate certificate) {}

  void keep(long generation, int key) {
    slots.removeIf(slot -> slot.generation() == generation);
    slots.add(new Slot(generation, key, null));
  }

  void certify(long generation, Certificate certificate) {
    slots.removeIf(slot -> slot.generation() == generation);
    slots.add(new Slot(generation, certificate.key, certificate));
  }

  void keepOnly(Set<Long> generations) {
    slots.removeIf(slot -> !generations.contains(slot.generation()));
  }

  OptionalInt key(long generation) {
    for (var slot : slots) {
      if (slot.generation() == generation) {
        return OptionalInt.of(slot.key());
      }
    }
    return OptionalInt.empty();
  }

  OptionalLong generation(int key) {
    for (var slot : slots) {
      if (slot.key() == key) {
        return OptionalLong.of(slot.generation());
      }
    }
    return OptionalLong.empty();
  }

  Optional<Certificate> certificate(long generation) {
    for (var slot : slots) {
      if (slot.generation() == generation) {
        return Optional.ofNullable(slot.certificate());
      }
    }
    return Optional.empty();
  }
}
