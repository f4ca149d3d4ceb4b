package io.sallyport.gateway.tls;

import io.sallyport.identity.Fingerprint;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers verified certificates in two generations: when the young one is full it becomes the old
 * one, and the old one is forgotten. What is used stays.
 */
final class VerifiedDevices {
  private record Generations(
      ConcurrentHashMap<Fingerprint, VerifiedDevice> young,
      ConcurrentHashMap<Fingerprint, VerifiedDevice> old) {}

  // Bound: a generation holds half of what may be remembered.
  private final int generationMax;
  private volatile Generations generations =
      new Generations(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());

  VerifiedDevices(int max) {
    this.generationMax = Math.max(1, max / 2);
  }

  @Nullable VerifiedDevice find(Fingerprint certificate) {
    var now = generations;
    var young = now.young.get(certificate);
    if (young != null) {
      return young;
    }
    var old = now.old.get(certificate);
    if (old != null) {
      remember(old);
    }
    return old;
  }

  void remember(VerifiedDevice device) {
    generations.young.put(device.certificate(), device);
    if (generations.young.size() >= generationMax) {
      turn();
    }
  }

  private synchronized void turn() {
    if (generations.young.size() >= generationMax) {
      generations = new Generations(new ConcurrentHashMap<>(), generations.young);
    }
  }

  int size() {
    return generations.young.size() + generations.old.size();
  }
}
