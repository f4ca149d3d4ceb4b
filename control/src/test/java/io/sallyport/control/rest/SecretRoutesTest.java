package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.Desk;
import io.sallyport.control.TestDatabase;
import org.junit.jupiter.api.Test;

class SecretRoutesTest {
  private static final String PATH = "/api/v1/analysis/secrets";

  @Test
  void tellsTopicAndKindPageByPageAndNeverTheMessage() throws Exception {
    try (var desk = Desk.open(TestDatabase.SQLITE)) {
      var first = desk.admin.post(PATH, "{}").json();
      assertThat(first.get("readable").asBoolean()).isTrue();
      assertThat(first.at("/found/0/topic").asString()).isEqualTo("a");
      assertThat(first.at("/found/0/publisher").asString()).isEqualTo(Desk.ONLINE);
      assertThat(first.at("/found/0/secrets/0").asString()).isEqualTo("a private key");
      assertThat(first.toString()).doesNotContain("BEGIN");

      var next = "{\"after\":\"" + first.get("next").asString() + "\"}";
      var second = desk.admin.post(PATH, next).json();
      assertThat(second.get("looked").asInt()).isEqualTo(1);
      assertThat(second.get("found")).isEmpty();
      assertThat(second.get("next").isNull()).isTrue();
    }
  }
}
