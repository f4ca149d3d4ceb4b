package io.sallyport.exchange.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.exchange.Message;
import io.sallyport.exchange.Reason;
import io.sallyport.exchange.Will;
import io.sallyport.identity.PrincipalId;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages left behind for the case of death. */
class WillTest {
  private World world;
  private Client watcher;

  @BeforeEach
  void begin(@TempDir Path directory) {
    world = new World(directory);
    watcher = world.persistent("watcher").subscribe("will", 1);
  }

  @AfterEach
  void finish() {
    world.close();
  }

  private Client mortal(long expirySeconds, long delaySeconds, boolean retain) {
    Client mortal = world.client("mortal");
    mortal.will = new Will(World.message("mortal", "will", "farewell", 1, retain), delaySeconds);
    return mortal.connect(false, expirySeconds);
  }

  @Test
  void isPublishedWhenTheConnectionIsLost() {
    mortal(0, 0, false).drop();
    assertThat(watcher.payloads()).containsExactly("farewell");
  }

  @Test
  void isDroppedByADisconnectAndKeptIfTheClientAsks() {
    mortal(0, 0, false).disconnect();
    assertThat(watcher.payloads()).isEmpty();
    mortal(0, 0, false).session().disconnect(true, -1);
    assertThat(watcher.payloads()).containsExactly("farewell");
  }

  @Test
  void waitsForItsDelay() {
    mortal(100, 10, false).drop();
    world.pass(Duration.ofSeconds(9));
    assertThat(watcher.payloads()).isEmpty();
    world.pass(Duration.ofSeconds(1));
    assertThat(watcher.payloads()).containsExactly("farewell");
    world.pass(Duration.ofSeconds(100));
    assertThat(watcher.payloads()).isEmpty();
  }

  @Test
  void waitsNoLongerThanTheSessionLives() {
    mortal(5, 10, false).drop();
    world.pass(Duration.ofSeconds(5));
    assertThat(watcher.payloads()).containsExactly("farewell");
    mortal(0, 10, false).drop();
    assertThat(watcher.payloads()).containsExactly("farewell");
  }

  @Test
  void isCancelledByOneWhoComesBackInTime() {
    Client mortal = mortal(100, 10, false);
    mortal.drop();
    mortal.will = null;
    mortal.connect(false, 100);
    world.pass(Duration.ofSeconds(20));
    assertThat(watcher.payloads()).isEmpty();
    mortal.drop();
    world.pass(Duration.ofSeconds(200));
    assertThat(watcher.payloads()).isEmpty();
  }

  @Test
  void isPublishedWhenACleanStartEndsTheSessionItWaitedWith() {
    Client mortal = mortal(100, 10, false);
    mortal.drop();
    mortal.will = null;
    mortal.connect(true, 100);
    assertThat(watcher.payloads()).containsExactly("farewell");
  }

  @Test
  void isPublishedAtATakeoverUnlessItsDelayLetsTheSessionGoOn() {
    mortal(100, 10, false);
    mortal(100, 0, false);
    assertThat(watcher.payloads()).isEmpty();
    mortal(100, 10, false);
    assertThat(watcher.payloads()).containsExactly("farewell");
  }

  @Test
  void isRefusedWhenItsAuthorIsNoLongerTrusted() {
    Client mortal = mortal(100, 10, true);
    mortal.drop();
    world.willsAllowed = false;
    world.pass(Duration.ofSeconds(10));
    assertThat(watcher.payloads()).isEmpty();
    assertThat(world.exchange.statistics().retained()).isZero();
  }

  @Test
  void diesWithItsPrincipal() {
    mortal(100, 10, false).drop();
    var ended = world.exchange.end(new PrincipalId("mortal"), Reason.ADMINISTRATIVE_ACTION);
    assertThat(ended.wills()).isEqualTo(1);
    world.pass(Duration.ofSeconds(200));
    world.restart();
    world.pass(Duration.ofSeconds(200));
    assertThat(watcher.connect(false, World.FOREVER).payloads()).isEmpty();
  }

  @Test
  void canBeRetained() {
    mortal(0, 0, true).drop();
    Client late = world.clean("late").subscribe("will", 1);
    assertThat(late.messages()).containsExactly("PUBLISH will farewell q1 retain");
  }

  @Test
  void survivesARestartWithItsSession() {
    mortal(100, 10, false);
    world.restart();
    world.pass(Duration.ofSeconds(9));
    watcher.connect(false, World.FOREVER);
    assertThat(watcher.payloads()).isEmpty();
    world.pass(Duration.ofSeconds(1));
    assertThat(watcher.payloads()).containsExactly("farewell");
    world.restart();
    world.pass(Duration.ofSeconds(20));
    assertThat(watcher.connect(false, World.FOREVER).payloads()).isEmpty();
  }

  @Test
  void livesAsLongAsItSaysFromItsPublicationOn() {
    watcher.drop();
    Client mortal = world.client("mortal");
    Message will = World.message("mortal", "will", "farewell", 1, false, world.nowMillis() + 5_000);
    mortal.will = new Will(will, 10);
    mortal.connect(false, 100).drop();
    world.pass(Duration.ofSeconds(10));
    world.pass(Duration.ofSeconds(4));
    assertThat(watcher.connect(false, World.FOREVER).payloads()).containsExactly("farewell");
  }
}
