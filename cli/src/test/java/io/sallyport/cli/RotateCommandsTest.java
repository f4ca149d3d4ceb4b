package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** {@code rotate} against control itself. */
class RotateCommandsTest extends OperatorStage {
  @Test
  void devicesAreAskedHeldAndShown() {
    done("device", "enroll", "d-1", "--bundle", directory.resolve("d-1").toString());
    assertThat(done("rotate", "status")).contains("on; the next wave has 10 devices");
    assertThat(done("rotate", "start", "d-1", "ghost", "--by", "2099-12-24"))
        .contains("1 devices are asked")
        .contains("left out")
        .contains("ghost");
    assertThat(done("rotate", "status")).contains("; under way for demand=1");
    assertThat(done("device", "show", "d-1").lines())
        .anySatisfy(line -> assertThat(line).contains("MESSAGES", "BYTES"))
        .anySatisfy(line -> assertThat(line).matches(".*active .* 0 +0 *"));
    assertThat(done("rotate", "status").lines().filter(line -> line.contains("admin"))).hasSize(1);
    assertThat(done("rotate", "pause")).contains("no wave follows");
    assertThat(done("rotate", "pause")).contains("as it was already");
    assertThat(done("rotate", "status")).contains("paused by admin");
    assertThat(done("rotate", "start", "--all")).contains("1 devices follow in waves");
    assertThat(done("rotate", "resume")).contains("waves follow");
    var json = JsonMapper.builder().build().readTree(done("rotate", "status", "--json"));
    assertThat(json.at("/rotation/waves/0/devices").asInt()).isEqualTo(1);
    assertThat(json.at("/stuck")).isEmpty();
    var started = done("rotate", "start", "d-1", "--json");
    assertThat(JsonMapper.builder().build().readTree(started).at("/left/0").asString())
        .isEqualTo("d-1");
  }

  @Test
  void theYearIsDrawn() {
    done("device", "enroll", "d-1", "--bundle", directory.resolve("d-1").toString());
    assertThat(done("rotate", "expiry").lines())
        .anySatisfy(line -> assertThat(line).endsWith("#".repeat(50)))
        .hasSizeBetween(14, 15);
    assertThat(done("rotate", "expiry", "--week").lines()).hasSizeBetween(54, 56);
    assertThat(done("rotate", "expiry", "--json")).contains("\"month\"");
  }

  @Test
  void whatIsNoOrderIsBadInput() {
    assertThat(run("rotate", "start").exitCode()).isEqualTo(2);
    assertThat(run("rotate", "start", "d-1", "--all").exitCode()).isEqualTo(2);
    assertThat(run("rotate", "start", "--all", "--by", "soon").exitCode()).isEqualTo(2);
    assertThat(run("rotate", "start", "--group", "attic").exitCode()).isEqualTo(1);
  }
}
