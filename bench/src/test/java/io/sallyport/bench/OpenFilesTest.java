package io.sallyport.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenFilesTest {
  private static final String HEAD = "Limit                     Soft Limit  Hard Limit  Units";

  @Test
  void whatTheLimitIsTooLowForIsRefusedWithTheLimit() {
    assertThatThrownBy(() -> OpenFiles.require(10_000, limits("1024        10499       files")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("10000 connections need 10500 open files")
        .hasMessageContaining("10499");
  }

  @Test
  void theHardLimitCountsSinceAJvmRaisesTheOther() {
    assertThatCode(() -> OpenFiles.require(10_000, limits("1024        10500       files")))
        .doesNotThrowAnyException();
  }

  @Test
  void noLimitIsNoReason() {
    assertThatCode(() -> OpenFiles.require(10_000, limits("unlimited   unlimited   files")))
        .doesNotThrowAnyException();
    assertThatCode(() -> OpenFiles.require(10_000, List.of())).doesNotThrowAnyException();
    assertThatCode(() -> OpenFiles.require(1)).doesNotThrowAnyException();
  }

  private static List<String> limits(String openFiles) {
    return List.of(
        HEAD, "Max open files            " + openFiles, "Max msgqueue size  1  1  bytes");
  }
}
