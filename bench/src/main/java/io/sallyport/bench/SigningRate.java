package io.sallyport.bench;

import io.sallyport.bench.load.LoadFailure;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;
import java.util.regex.Pattern;

/**
 * How often one core signs and verifies on P-256. A key is counted as a signature: both are one
 * multiplication of the base point, and {@code openssl speed} has no other figure for it.
 */
record SigningRate(double signaturesPerSecond, double verificationsPerSecond) {
  private static final int TIMES = 2_000;
  private static final int CONTENT_BYTES = 400;
  // The last line: sign, verify, sign/s, verify/s, of user time.
  private static final Pattern LINE =
      Pattern.compile("nistp256\\)\\s+\\S+s\\s+\\S+s\\s+([0-9.]+)\\s+([0-9.]+)");

  static SigningRate ofOpenssl() throws IOException, InterruptedException {
    var process =
        new ProcessBuilder("openssl", "speed", "-seconds", "2", "ecdsap256")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    var figures = LINE.matcher(said);
    if (process.waitFor() != 0 || !figures.find()) {
      throw new LoadFailure("openssl speed told no rate: " + said.strip());
    }
    return new SigningRate(
        Double.parseDouble(figures.group(1)), Double.parseDouble(figures.group(2)));
  }

  static SigningRate ofJdk() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var pair = generator.generateKeyPair();
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(pair.getPrivate());
    var verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(pair.getPublic());
    var content = new byte[CONTENT_BYTES];
    var signature = sign(signer, content);
    // Twice: the first time it is compiled.
    double signing = 0;
    double verifying = 0;
    for (int i = 0; i < 2; i++) {
      signing = perSecond(() -> sign(signer, content));
      verifying =
          perSecond(
              () -> {
                verifier.update(content);
                return verifier.verify(signature);
              });
    }
    return new SigningRate(signing, verifying);
  }

  private static byte[] sign(Signature signer, byte[] content) throws SignatureException {
    signer.update(content);
    return signer.sign();
  }

  @FunctionalInterface
  private interface Work {
    Object once() throws GeneralSecurityException;
  }

  private static double perSecond(Work work) throws GeneralSecurityException {
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < TIMES; i++) {
      work.once();
    }
    return TIMES * 1e9 / (threads.getCurrentThreadCpuTime() - before);
  }
}
