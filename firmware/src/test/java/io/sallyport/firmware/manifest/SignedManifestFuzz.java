package io.sallyport.firmware.manifest;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/** Any bytes are refused in one way, or have one encoding; and nobody signed them. */
class SignedManifestFuzz {
  @FuzzTest
  void bytesAreNoRelease(byte[] bytes) {
    try {
      var read = SignedManifest.read(bytes);
      if (!Arrays.equals(read.encoded(), bytes)) {
        throw new AssertionError("read in two encodings");
      }
      Samples.trust().requireSigned(read);
      throw new AssertionError("believed");
    } catch (FirmwareRefused e) {
      // As it should.
    }
    try {
      if (!Arrays.equals(Manifest.read(bytes).encoded(), bytes)) {
        throw new AssertionError("a manifest that is written otherwise");
      }
    } catch (FirmwareRefused e) {
      // As it should.
    }
  }
}
