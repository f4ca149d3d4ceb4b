package io.sallyport.control.rest;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Comparator;

/** Any bytes are a body of the form that a call takes, or a refusal of 400. */
class JsonFuzz {
  private static final Class<?>[] FORMS =
      Arrays.stream(Bodies.class.getDeclaredClasses())
          .filter(Class::isRecord)
          .sorted(Comparator.comparing(Class::getName))
          .toArray(Class<?>[]::new);

  /** The first byte chooses the form. */
  @FuzzTest
  void everyBodyIsReadOrRefused(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    var form = FORMS[(bytes[0] & 0xFF) % FORMS.length];
    try {
      var read = Json.read(Arrays.copyOfRange(bytes, 1, bytes.length), form);
      if (!read.equals(Json.read(Json.write(read), form))) {
        throw new AssertionError("not the same when it is written and read again: " + read);
      }
    } catch (Problem e) {
      if (e.status() != 400 || e.body().detail().isBlank()) {
        throw new AssertionError("a refusal of another kind", e);
      }
    }
  }
}
