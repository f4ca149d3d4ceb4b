package io.sallyport.control.provisioning;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HashMap;

/** Any bytes are a request, the same in both formats, or a refusal that says why. */
class RequestPayloadFuzz {
  /** The first byte chooses the format. */
  @FuzzTest
  void everyPayloadIsReadOrRefused(byte[] bytes) throws MalformedPayload {
    if (bytes.length == 0) {
      return;
    }
    var format = (bytes[0] & 1) == 0 ? PayloadFormat.JSON : PayloadFormat.CBOR;
    RequestPayload read;
    try {
      read = format.read(Arrays.copyOfRange(bytes, 1, bytes.length));
    } catch (MalformedPayload e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
      return;
    }
    if (read.texts().size() + read.maps().size() > RequestPayload.MEMBERS_MAX) {
      throw new AssertionError("more members than its bound");
    }
    // What a device says may come back to it in an answer: everything that is read can be written.
    var members = new HashMap<String, Object>(read.texts());
    members.putAll(read.maps());
    for (var other : PayloadFormat.values()) {
      var written = other.write(members);
      if (written.length <= RequestPayload.BYTES_MAX && !read.equals(other.read(written))) {
        throw new AssertionError("not the same when it is written in " + other + " and read");
      }
    }
  }
}
