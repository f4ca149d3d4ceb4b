package io.sallyport.cli.factory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sallyport.cli.enrolment.Applicant;
import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.SealBroken;
import io.sallyport.identity.issuance.WorkSeal;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys of one portion, sealed, in a file that is on the disk before a certificate is asked for
 * and stays until every device of the portion is written: no key that was certified is lost.
 */
final class KeyJournal {
  // Bound: 100 devices with a key, a request and their names have about 100 KiB.
  private static final int BYTES_MAX = 4 << 20;

  private final Path file;
  private final WorkSeal seal;

  KeyJournal(Path file, WorkSeal seal) {
    this.file = file;
    this.seal = seal;
  }

  boolean exists() {
    return Files.exists(file);
  }

  void write(List<MadeKey> keys) {
    var plain = encoded(keys);
    try {
      var draft = file.resolveSibling(file.getFileName() + ".draft");
      OwnerFiles.writeSecret(draft, seal.seal(name(), plain));
      OwnerFiles.rename(draft, file);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  List<MadeKey> read() {
    byte[] plain = {};
    try (var stream = Files.newInputStream(file)) {
      plain = seal.open(name(), stream.readNBytes(BYTES_MAX));
      return decoded(ByteBuffer.wrap(plain));
    } catch (IOException e) {
      throw OwnerFiles.broken("the keys of an earlier run cannot be read", file, e);
    } catch (SealBroken e) {
      throw Failure.badInput(
          "the keys of an earlier run cannot be opened (" + e.getMessage() + "): " + file);
    } catch (BufferUnderflowException | IllegalArgumentException | GeneralSecurityException e) {
      throw Failure.badInput("the keys of an earlier run are malformed: " + file);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /** Every device of the portion is written. */
  void destroy() {
    OwnerFiles.destroy(file);
  }

  private byte[] name() {
    return file.getFileName().toString().getBytes(US_ASCII);
  }

  private static byte[] encoded(List<MadeKey> keys) {
    int length = 0;
    for (var key : keys) {
      length += 4 * Integer.BYTES + key.id().length() + key.privateKey().length;
      length += key.request().length() + key.publicKey().getEncoded().length;
    }
    var buffer = ByteBuffer.allocate(length);
    for (var key : keys) {
      put(buffer, key.id().getBytes(US_ASCII));
      put(buffer, key.privateKey());
      put(buffer, key.request().getBytes(US_ASCII));
      put(buffer, key.publicKey().getEncoded());
    }
    return buffer.array();
  }

  private static List<MadeKey> decoded(ByteBuffer buffer) throws GeneralSecurityException {
    var factory = KeyFactory.getInstance("EC");
    var keys = new ArrayList<MadeKey>();
    while (buffer.hasRemaining()) {
      var applicant = Applicant.of(PrincipalKind.DEVICE, new String(take(buffer), US_ASCII));
      var privateKey = take(buffer);
      var request = new String(take(buffer), US_ASCII);
      var publicKey = factory.generatePublic(new X509EncodedKeySpec(take(buffer)));
      keys.add(new MadeKey(applicant, privateKey, request, publicKey));
    }
    return keys;
  }

  private static void put(ByteBuffer buffer, byte[] bytes) {
    buffer.putInt(bytes.length).put(bytes);
  }

  private static byte[] take(ByteBuffer buffer) {
    int length = buffer.getInt();
    if (length < 0 || length > buffer.remaining()) {
      throw new BufferUnderflowException();
    }
    var bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }
}
