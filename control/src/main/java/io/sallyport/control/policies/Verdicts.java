package io.sallyport.control.policies;

import io.sallyport.control.store.StringMaps;
import io.sallyport.policy.analysis.PolicyClass;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was proven of a class under a document of invariants, so that the next enrolment of the same
 * kind waits for no proof. The texts of policies are part of the key: the number of a version that
 * was refused is given to another document.
 */
final class Verdicts {
  /** Bound: verdicts remembered; the one unused for longest goes first. */
  static final int VERDICTS_MAX = 1_000;

  private final Map<String, Optional<String>> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<String>> eldest) {
          return size() > VERDICTS_MAX;
        }
      };

  /** Why it is broken, or that it is not; nothing if that is not known. */
  synchronized Optional<Optional<String>> find(String key) {
    return Optional.ofNullable(known.get(key));
  }

  synchronized void remember(String key, Optional<String> why) {
    known.put(key, why);
  }

  synchronized int size() {
    return known.size();
  }

  /** Everything that a proof looks at; how many members there are is not. */
  static String key(String document, PolicyClass principals) {
    var digest = sha256();
    add(digest, document);
    add(digest, principals.kind().word());
    for (var policy : principals.policies().policies()) {
      add(digest, policy.name());
      add(digest, Integer.toString(policy.version()));
      add(digest, policy.document().json());
    }
    add(digest, principals.thingType() == null ? "" : principals.thingType());
    var attributes = principals.attributes();
    add(digest, attributes == null ? "" : StringMaps.write(attributes));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
