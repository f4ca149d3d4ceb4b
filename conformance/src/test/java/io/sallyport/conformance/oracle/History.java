package io.sallyport.conformance.oracle;

import io.sallyport.conformance.product.Patience;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What came of a scenario at one broker: everything that every peer was told. Each step is played
 * only when the effects of the one before have been heard, so that there is one right answer.
 */
final class History {
  static final String SYNC = "sync/";

  private final Scenario scenario;
  private final Peer[] peers;
  private final boolean[] online;
  private final @Nullable History told;

  /** Codes and flags that answered a step, by its number. */
  private final Map<Integer, String> answers = new TreeMap<>();

  /** What each peer heard in each step. */
  private final List<List<List<Heard>>> steps = new ArrayList<>();

  private final int[] settled;
  private final boolean repeats;
  private int syncs;

  private History(
      Scenario scenario, IntFunction<Peer> peers, @Nullable History told, boolean repeats) {
    this.scenario = scenario;
    this.repeats = repeats;
    settled = new int[scenario.peers()];
    this.peers = new Peer[scenario.peers()];
    Arrays.setAll(this.peers, peers);
    online = new boolean[scenario.peers()];
    this.told = told;
  }

  /**
   * Plays a scenario to its end.
   *
   * @param repeats whether this broker sends a copy for each of several subscriptions that match,
   *     as version 5 allows; copies are counted once
   */
  static History play(Scenario scenario, IntFunction<Peer> peers, boolean repeats)
      throws Exception {
    return new History(scenario, peers, null, repeats).played();
  }

  /** Plays it as another broker did, giving this one time to say as much after each step. */
  History playedAgain(IntFunction<Peer> others) throws Exception {
    return new History(scenario, others, this, false).played();
  }

  Map<Integer, String> answers() {
    return answers;
  }

  /** What a peer heard, by topic and writer, within which the order counts. */
  Map<String, List<Heard>> heardBy(int peer) {
    return steps.stream()
        .flatMap(step -> step.get(peer).stream())
        .collect(Collectors.groupingBy(Heard::stream, TreeMap::new, Collectors.toList()));
  }

  int total() {
    return steps.stream().flatMap(List::stream).mapToInt(List::size).sum();
  }

  private History played() throws Exception {
    try {
      for (var number = 0; number < scenario.steps().size(); number++) {
        var step = scenario.steps().get(number);
        try {
          play(number, step);
          settle(number, step.peer());
        } catch (Exception | AssertionError e) {
          throw new AssertionError(
              "at step " + number + " of " + scenario.steps().size() + ": " + step, e);
        }
      }
      return this;
    } finally {
      leave();
    }
  }

  private void play(int number, Step step) throws Exception {
    var peer = peers[step.peer()];
    switch (step) {
      case Step.Connect(var who, var lasting) -> {
        answers.put(number, step + " -> " + peer.connect(lasting));
        online[who] = true;
        peer.subscribe(SYNC + Scenario.name(who), 0);
      }
      case Step.Disconnect(var who) -> {
        peer.disconnect();
        online[who] = false;
      }
      case Step.Publish(_, var topic, var payload, var qos, var retain) ->
          peer.publish(topic, payload, qos, retain);
      case Step.Forget(_, var topic) -> peer.publish(topic, "", 1, true);
      case Step.Subscribe(_, var filter, var qos) ->
          answers.put(number, step + " -> " + peer.subscribe(filter, qos));
      case Step.Unsubscribe(_, var filter) -> peer.unsubscribe(filter);
    }
  }

  /** Waits until a message that the same peer sent afterwards has come to everybody who is here. */
  private void settle(int number, int writer) throws Exception {
    if (online[writer]) {
      var mark = "sync:" + syncs++;
      for (var reader = 0; reader < peers.length; reader++) {
        if (online[reader]) {
          peers[writer].publish(SYNC + Scenario.name(reader), mark, 1, false);
        }
      }
      for (var reader = 0; reader < peers.length; reader++) {
        if (online[reader]) {
          awaitMark(peers[reader], reader, mark);
        }
      }
    }
    if (told != null) {
      awaitAsMuchAs(told.steps.get(number));
    }
    steps.add(IntStream.range(0, peers.length).mapToObj(this::heardNow).toList());
    Arrays.setAll(settled, peer -> messages(peer).size());
  }

  private static void awaitMark(Peer peer, int reader, String mark) {
    Patience.until(
        mark + " at " + Scenario.name(reader),
        () -> peer.heard().stream().anyMatch(heard -> heard.payload().equals(mark)));
  }

  private void awaitAsMuchAs(List<List<Heard>> expected) {
    for (var peer = 0; peer < peers.length; peer++) {
      var who = peer;
      var count = expected.get(who).size();
      if (heardNow(who).size() < count) {
        Patience.until(
            expected.get(who) + " at " + Scenario.name(who) + ", which heard " + heardNow(who),
            () -> heardNow(who).size() >= count);
      }
    }
  }

  /** What a peer has heard in this step. */
  private List<Heard> heardNow(int peer) {
    var now = messages(peer).stream().skip(settled[peer]);
    return (repeats ? now.distinct() : now).toList();
  }

  private List<Heard> messages(int peer) {
    return peers[peer].heard().stream().filter(heard -> !heard.topic().startsWith(SYNC)).toList();
  }

  /** Takes everything back that the broker would keep, so that the next history starts afresh. */
  private void leave() throws Exception {
    for (var peer = 0; peer < peers.length; peer++) {
      if (online[peer]) {
        peers[peer].disconnect();
      }
      peers[peer].connect(false);
      if (peer == 0) {
        for (var topic : Scenario.TOPICS) {
          peers[peer].publish(topic, "", 1, true);
        }
      }
      peers[peer].disconnect();
    }
  }
}
