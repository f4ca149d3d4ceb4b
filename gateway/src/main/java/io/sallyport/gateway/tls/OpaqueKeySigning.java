package io.sallyport.gateway.tls;

import io.netty.handler.ssl.OpenSslAsyncPrivateKeyMethod;
import io.netty.handler.ssl.OpenSslPrivateKeyMethod;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs handshakes with a key that lives elsewhere, such as in a token: on threads of its own, so
 * that no event loop waits for it. Whoever finds the queue full ends in the handshake.
 */
final class OpaqueKeySigning implements OpenSslAsyncPrivateKeyMethod {
  private static final Logger LOG = LoggerFactory.getLogger(OpaqueKeySigning.class);

  // Bound: tokens sign one after the other, or a few at once; more threads would only wait.
  private static final int THREADS = 4;
  // Bound: a token of a hundred signatures a second works this off within the handshake timeout.
  private static final int WAITING_MAX = 256;
  private static final ThreadPoolExecutor SIGNERS =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          new DefaultThreadFactory("token-signing", true));

  static {
    SIGNERS.allowCoreThreadTimeOut(true);
  }

  private final PrivateKey key;

  OpaqueKeySigning(PrivateKey key) {
    this.key = key;
  }

  @Override
  public Future<byte[]> sign(SSLEngine engine, int algorithm, byte[] input) {
    Promise<byte[]> signed = ImmediateEventExecutor.INSTANCE.newPromise();
    try {
      SIGNERS.execute(
          () -> {
            try {
              signed.setSuccess(signature(algorithm, input));
            } catch (GeneralSecurityException | RuntimeException e) {
              LOG.atDebug().setCause(e).log("a handshake could not be signed");
              signed.setFailure(e);
            }
          });
    } catch (RejectedExecutionException e) {
      signed.setFailure(e);
    }
    return signed;
  }

  private byte[] signature(int algorithm, byte[] input) throws GeneralSecurityException {
    var signer = Signature.getInstance(name(algorithm));
    signer.initSign(key);
    signer.update(input);
    return signer.sign();
  }

  private static String name(int algorithm) throws SignatureException {
    if (algorithm == SSL_SIGN_ECDSA_SECP256R1_SHA256) {
      return "SHA256withECDSA";
    }
    if (algorithm == SSL_SIGN_ECDSA_SECP384R1_SHA384) {
      return "SHA384withECDSA";
    }
    if (algorithm == SSL_SIGN_ECDSA_SECP521R1_SHA512) {
      return "SHA512withECDSA";
    }
    throw new SignatureException("no way to sign as " + Integer.toHexString(algorithm));
  }

  @Override
  public Future<byte[]> decrypt(SSLEngine engine, byte[] input) {
    return ImmediateEventExecutor.INSTANCE.newFailedFuture(noDecryption());
  }

  private static SignatureException noDecryption() {
    return new SignatureException("no suite of ours decrypts with the key");
  }

  /** The same on the caller's thread. */
  OpenSslPrivateKeyMethod waiting() {
    return new OpenSslPrivateKeyMethod() {
      @Override
      public byte[] sign(SSLEngine engine, int algorithm, byte[] input)
          throws GeneralSecurityException {
        return signature(algorithm, input);
      }

      @Override
      public byte[] decrypt(SSLEngine engine, byte[] input) throws SignatureException {
        throw noDecryption();
      }
    };
  }
}
