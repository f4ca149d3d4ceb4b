package io.sallyport.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NameMachineTest {
  private static final Variable CLIENT = new Variable(Variable.Source.CLIENT_ID, "", 0);
  private static final Variable THING = new Variable(Variable.Source.THING_NAME, "", 0);
  private static final Map<Variable, Integer> PLACES = Map.of(CLIENT, 0, THING, 1);

  @Test
  void saysWhatTheRulesSayOneByOne() {
    var random = new SplittableRandom(20_261_122);
    long undecided = 0;
    int names = 0;
    for (int i = 0; i < 4_000; i++) {
      var rules = rules(random, 1 + random.nextInt(5));
      var machine = new NameMachine(rules, PLACES);
      for (int j = 0; j < 60; j++) {
        var slots = new Slots(new byte[][] {text(random, 1, 3), text(random, 1, 3)});
        var name = text(random, 1, 9);
        int from = random.nextInt(2);
        int said = machine.first(name, slots, from);
        names++;
        if (said != NameMachine.UNDECIDED) {
          assertThat(said)
              .as("%s on %s", rules, new String(name, StandardCharsets.UTF_8))
              .isEqualTo(oneByOne(rules, name, slots, from));
        }
      }
      undecided += machine.undecidedNames();
    }
    assertThat(undecided).isBetween(1L, names / 4L);
  }

  @Test
  void tenThousandRulesNeedNoMoreStepsThanTen() {
    var rules = new ArrayList<List<List<GlobItem>>>();
    for (int i = 0; i < 10_000; i++) {
      rules.add(List.of(GlobItem.wildcards("fleet/site-" + i + "/*/telemetry")));
    }
    var machine = new NameMachine(rules, PLACES);
    var slots = new Slots(new byte[][] {bytes("c"), bytes("t")});
    assertThat(machine.first(bytes("fleet/site-7321/pump/telemetry"), slots, 0)).isEqualTo(7_321);
    assertThat(machine.first(bytes("fleet/site-7321/pump/other"), slots, 0))
        .isEqualTo(NameMachine.NONE);
    assertThat(machine.size()).isLessThan(100);
  }

  @Test
  void whatWouldNeedTooManyStatesIsLeftToTheRules() {
    var rules = new ArrayList<List<List<GlobItem>>>();
    for (char letter = 'a'; letter <= 'p'; letter++) {
      rules.add(List.of(GlobItem.wildcards("*" + letter + "*" + letter + "*!")));
    }
    var machine = new NameMachine(rules, PLACES);
    var slots = new Slots(new byte[][] {bytes("c"), bytes("t")});
    var random = new SplittableRandom(3);
    int left = 0;
    for (int i = 0; i < 20_000; i++) {
      var name = new byte[40];
      for (int j = 0; j < name.length; j++) {
        name[j] = (byte) ('a' + random.nextInt(16));
      }
      int said = machine.first(name, slots, 0);
      left += said == NameMachine.UNDECIDED ? 1 : 0;
      if (said != NameMachine.UNDECIDED) {
        assertThat(said).isEqualTo(oneByOne(rules, name, slots, 0));
      }
    }
    assertThat(machine.size()).isLessThanOrEqualTo(NameMachine.STATES_MAX);
    assertThat(left).isPositive();
  }

  /** From outside: what a policy costs whose automaton would grow without end. */
  @Test
  void whatAnAutomatonCannotKeepIsCounted() throws MalformedPolicy {
    var before = EngineStatistics.now();
    var resources =
        "abcdefghijklmnop"
            .chars()
            .mapToObj(letter -> "\"arn:aws:iot:*:*:topic/*%c*%c*!\"".formatted(letter, letter))
            .toList();
    var document =
        PolicyDocument.parse(
            "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\","
                + " \"Action\": \"iot:Publish\", \"Resource\": "
                + resources
                + "}}");
    var set = PolicySet.of(List.of(new PolicyVersion("exploding", 1, document)));
    var policy = SessionPolicy.compile(set, Facts.NOBODY);
    var random = new SplittableRandom(4);
    for (int i = 0; i < 20_000; i++) {
      var name = new byte[40];
      for (int j = 0; j < name.length; j++) {
        name[j] = (byte) ('a' + random.nextInt(16));
      }
      policy.allows(Action.PUBLISH, name);
    }
    var after = EngineStatistics.now();
    assertThat(after.machineFallbacks()).isGreaterThan(before.machineFallbacks());
    assertThat(after.machineStates()).isGreaterThanOrEqualTo(NameMachine.STATES_MAX);
    assertThat(after.templates()).isPositive();
    assertThat(set.policies()).hasSize(1);
  }

  private static int oneByOne(
      List<List<List<GlobItem>>> rules, byte[] name, Slots slots, int from) {
    for (int rule = from; rule < rules.size(); rule++) {
      if (rules.get(rule).stream().anyMatch(items -> Glob.of(items, PLACES).matches(name, slots))) {
        return rule;
      }
    }
    return NameMachine.NONE;
  }

  private static List<List<List<GlobItem>>> rules(SplittableRandom random, int count) {
    var rules = new ArrayList<List<List<GlobItem>>>();
    for (int i = 0; i < count; i++) {
      var patterns = new ArrayList<List<GlobItem>>();
      for (int j = random.nextInt(3); j >= 0; j--) {
        patterns.add(pattern(random));
      }
      rules.add(patterns);
    }
    return rules;
  }

  private static List<GlobItem> pattern(SplittableRandom random) {
    var items = new ArrayList<GlobItem>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      items.add(
          switch (random.nextInt(8)) {
            case 0, 1 -> GlobItem.ANY_RUN;
            case 2 -> GlobItem.ANY_LETTER;
            case 3 -> new GlobItem.Value(CLIENT);
            case 4 -> new GlobItem.Value(THING);
            default -> new GlobItem.Letter(letter(random));
          });
    }
    return GlobItem.collapsed(items);
  }

  private static byte[] text(SplittableRandom random, int least, int most) {
    var text = new StringBuilder();
    for (int i = least + random.nextInt(most - least + 1); i > 0; i--) {
      text.appendCodePoint(letter(random));
    }
    return bytes(text.toString());
  }

  private static int letter(SplittableRandom random) {
    int[] letters = {'a', 'b', '/', 0xE9, 0x1F600};
    return letters[random.nextInt(letters.length)];
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
