package io.sallyport.conformance.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A random history of a few peers: one seed is one history.
 *
 * @param peers how many take part
 * @param steps what they do, in order
 */
record Scenario(int peers, List<Step> steps) {
  static final List<String> TOPICS =
      List.of(
          "lab/a",
          "lab/b",
          "lab/a/x",
          "lab/b/x",
          "lab/a/x/1",
          "lab",
          "other/a",
          "$lab/a",
          "lab//x");
  private static final List<String> FILTERS =
      List.of(
          "lab/a", "lab/+", "lab/#", "+/a", "lab/+/x", "+/+/x", "$lab/#", "lab/a/#", "other/#",
          "+/a/#", "lab//x", "lab/+/+");

  /** The history of a seed. */
  static Scenario of(long seed, int peers, int length) {
    var random = new SplittableRandom(seed);
    var online = new boolean[peers];
    var written = new int[peers];
    var steps = new ArrayList<Step>();
    for (var peer = 0; peer < peers; peer++) {
      steps.add(new Step.Connect(peer, random.nextBoolean()));
      online[peer] = true;
    }
    while (steps.size() < length) {
      var peer = random.nextInt(peers);
      if (!online[peer]) {
        steps.add(new Step.Connect(peer, random.nextInt(4) != 0));
        online[peer] = true;
        continue;
      }
      var step = next(random, peer, written);
      steps.add(step);
      online[peer] = !(step instanceof Step.Disconnect);
    }
    return new Scenario(peers, List.copyOf(steps));
  }

  private static Step next(SplittableRandom random, int peer, int[] written) {
    var dice = random.nextInt(100);
    if (dice < 62) {
      var payload = name(peer) + ":" + written[peer]++;
      return new Step.Publish(
          peer,
          any(random, TOPICS),
          payload,
          random.nextInt(3),
          random.nextInt(5) == 0 && mayRetain(peer));
    }
    if (dice < 66) {
      return new Step.Forget(peer, any(random, TOPICS));
    }
    if (dice < 82) {
      return new Step.Subscribe(peer, any(random, FILTERS), qosOf(peer));
    }
    if (dice < 89) {
      return new Step.Unsubscribe(peer, any(random, FILTERS));
    }
    return new Step.Disconnect(peer);
  }

  /**
   * One QoS for all subscriptions of a peer: where several match, mosquitto takes any of their QoS,
   * where the specification asks for the highest (MQTT-3.3.4-2).
   */
  static int qosOf(int peer) {
    return peer % 3;
  }

  /** Not those with No Local: mosquitto does not apply it to what is retained. */
  private static boolean mayRetain(int peer) {
    return peer % 2 == 0;
  }

  static String name(int peer) {
    return "peer-" + peer;
  }

  private static String any(SplittableRandom random, List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
