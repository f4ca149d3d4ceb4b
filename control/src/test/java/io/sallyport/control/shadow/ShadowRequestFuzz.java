package io.sallyport.control.shadow;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.control.shadow.JsonValue.Members;

/** Requests as devices send them: read or refused, and what is read can be kept and sent on. */
class ShadowRequestFuzz {
  private static final int MAX = 8 * 1024;

  @FuzzTest
  void everyRequestIsReadOrRefused(byte[] payload) throws MalformedJson {
    ShadowRequest request;
    try {
      request = ShadowRequest.update(payload, MAX);
    } catch (MalformedShadowRequest e) {
      if (e.error().code() < 400 || JsonText.write(rejection(e)).length == 0) {
        throw new AssertionError("a refusal that cannot be told", e);
      }
      return;
    }
    var document = ShadowDocument.empty(0).updated(request, 1);
    for (var members : new Members[] {document.state(), document.metadata()}) {
      if (!JsonText.read(JsonText.write(members)).equals(members)) {
        throw new AssertionError("not the same when it is written and read: " + members);
      }
    }
    // The same again changes nothing but the version.
    if (!document.updated(request, 1).state().equals(document.state())) {
      throw new AssertionError("not the same when it is asked for twice: " + request);
    }
    var delta = document.delta();
    var obedient = document.reported().merged(delta.state(), 1);
    if (!document.desired().delta(obedient.state()).isEmpty()) {
      throw new AssertionError("a delta that leads nowhere: " + delta);
    }
  }

  private static Members rejection(MalformedShadowRequest e) {
    return ShadowMessages.rejected(java.time.Instant.EPOCH, e.error(), e.clientToken());
  }
}
