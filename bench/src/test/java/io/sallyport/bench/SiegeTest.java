package io.sallyport.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bench.load.Attack;
import org.junit.jupiter.api.Test;

class SiegeTest {
  @Test
  void beginsWithNobodySoThatTheTableShowsWhatNoiseDoes() {
    assertThat(Siege.all().getFirst().attack()).isEqualTo(Attack.NONE);
  }

  @Test
  void everyAttackIsMadeAndHasAPrefixOfItsOwn() {
    var elsewhere =
        Siege.all().stream().filter(siege -> !siege.source().equals("127.0.0")).toList();

    assertThat(elsewhere).extracting(Siege::attack).contains(Attack.values());
    assertThat(elsewhere).extracting(Siege::source).doesNotHaveDuplicates();
    assertThat(Siege.all()).extracting(Siege::name).doesNotHaveDuplicates();
  }

  @Test
  void onlyTheLastOneHasTheDevicesOwnAddresses() {
    assertThat(Siege.all()).filteredOn(s -> s.source().equals("127.0.0")).hasSize(2);
    assertThat(Siege.all().getLast().arguments(100, 1)).containsSequence("--source", "127.0.0");
    assertThat(Siege.all().getLast().firstHost()).isEqualTo(2);
  }

  @Test
  void halfOpenConnectionsAreGivenTheTimeToOpen() {
    var halfOpen =
        Siege.all().stream().filter(s -> s.attack() == Attack.HALF_OPEN).findFirst().orElseThrow();

    assertThat(halfOpen.buildUp(100, 10_000)).hasSeconds(10_000 / Attack.HALF_OPEN.rate());
    assertThat(Siege.all().getLast().buildUp(100, 10_000)).isZero();
  }

  @Test
  void strengthIsAShareOfTheRate() {
    var siege = Siege.all().get(1);

    assertThat(siege.arguments(10, 5))
        .containsSequence("--rate", "" + siege.attack().rate() / 10)
        .containsSequence("--open", "5");
    assertThat(siege.arguments(0, 5)).containsSequence("--rate", "1");
  }
}
