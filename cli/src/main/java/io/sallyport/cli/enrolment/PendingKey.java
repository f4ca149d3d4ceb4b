package io.sallyport.cli.enrolment;

import io.sallyport.cli.bundle.Gate;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.issuance.CertificateRequest;
import io.sallyport.identity.issuance.DeviceKeys;
import io.sallyport.identity.issuance.RequestRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Map;

/**
 * A key whose certificate has not arrived yet, with the request for it, in a folder of their own.
 * The folder is there before the request is sent and becomes the bundle by its renaming; so after a
 * crash at any moment the same request can be sent again, and no certificate's key is lost.
 */
final class PendingKey {
  private static final String REQUEST = "request.csr";
  // Bound: a key on P-256 has about 240 bytes.
  private static final int KEY_BYTES_MAX = 16 * 1024;

  private final Path folder;
  private final Applicant applicant;
  private final String request;
  private final PublicKey publicKey;
  private final boolean resumed;
  private boolean certified;

  private PendingKey(Path folder, Applicant applicant, String request, boolean resumed) {
    this.folder = folder;
    this.applicant = applicant;
    this.request = request;
    this.resumed = resumed;
    this.publicKey = checked(folder, applicant, request);
  }

  /** Takes up the key that an earlier run left in the folder, or makes one there. */
  static PendingKey open(Path folder, Applicant applicant) {
    if (Files.exists(folder.resolve(applicant.keyFile()))) {
      return new PendingKey(folder, applicant, leftRequest(folder), true);
    }
    return new PendingKey(folder, applicant, create(folder, applicant), false);
  }

  private static String create(Path folder, Applicant applicant) {
    var draft = draft(folder);
    OwnerFiles.remove(draft);
    OwnerFiles.createFolders(draft);
    try (var keys = DeviceKeys.generate(applicant.kind(), applicant.id())) {
      var key = keys.privateKeyPem();
      OwnerFiles.writeSecret(draft.resolve(applicant.keyFile()), key);
      Arrays.fill(key, (byte) 0);
      var request = keys.requestPem();
      OwnerFiles.writePublic(draft.resolve(REQUEST), request.getBytes(StandardCharsets.US_ASCII));
      OwnerFiles.rename(draft, folder);
      return request;
    }
  }

  private static String leftRequest(Path folder) {
    try (var stream = Files.newInputStream(folder.resolve(REQUEST))) {
      return new String(
          stream.readNBytes(CertificateRequest.LENGTH_MAX + 1), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw OwnerFiles.broken("the request of an earlier run cannot be read", folder, e);
    }
  }

  private static PublicKey checked(Path folder, Applicant applicant, String request) {
    try {
      return CertificateRequest.parse(
              request.getBytes(StandardCharsets.US_ASCII), applicant.kind(), applicant.id())
          .publicKey();
    } catch (RequestRefused e) {
      throw Failure.badInput(
          "an earlier run left the key of somebody else than "
              + applicant.id()
              + " in "
              + folder
              + "; finish that first, or remove the folder if its certificate is not wanted");
    }
  }

  /** The request, PKCS#10 in PEM. */
  String request() {
    return request;
  }

  /** The key that the certificate must be for. */
  PublicKey publicKey() {
    return publicKey;
  }

  /** Whether the key is from an earlier run, which may have sent the request already. */
  boolean resumed() {
    return resumed;
  }

  /** Its certificate is there: the key must not be lost any more. */
  void keep() {
    certified = true;
  }

  /** Whether nobody can have certified it. */
  boolean isDisposable() {
    return !resumed && !certified;
  }

  /** Puts what was issued beside the key and gives the folder its final name. */
  void complete(Issued issued, Map<String, String> further, Path target) {
    OwnerFiles.writePublic(folder.resolve(applicant.certificateFile()), issued.chainPem());
    OwnerFiles.writePublic(folder.resolve("ca.crt"), issued.rootPem());
    further.forEach(
        (file, text) ->
            OwnerFiles.writePublic(folder.resolve(file), text.getBytes(StandardCharsets.UTF_8)));
    OwnerFiles.rename(folder, target);
    tidy(target, applicant, true);
  }

  /** The same in a form of its own, which may have the key in another file. */
  void complete(Issued issued, Gate gate, Shape.Chosen shape, Path target) {
    var key = privateKey();
    try (var credentials = shape.credentials(applicant, issued, gate, key)) {
      var files = shape.format().files(credentials);
      OwnerFiles.writeAll(folder, files);
      OwnerFiles.rename(folder, target);
      tidy(target, applicant, shape.keepsKeyFile());
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private byte[] privateKey() {
    try (var stream = Files.newInputStream(folder.resolve(applicant.keyFile()))) {
      return stream.readNBytes(KEY_BYTES_MAX);
    } catch (IOException e) {
      throw OwnerFiles.broken("the key of an earlier run cannot be read", folder, e);
    }
  }

  /** Removes what a finished folder does not need; only a crash leaves something there. */
  static void tidy(Path finished, Applicant applicant, boolean keepsKeyFile) {
    try {
      Files.deleteIfExists(finished.resolve(REQUEST));
    } catch (IOException e) {
      throw OwnerFiles.broken("the request cannot be removed", finished, e);
    }
    if (!keepsKeyFile) {
      OwnerFiles.destroy(finished.resolve(applicant.keyFile()));
    }
  }

  /** Forgets the key: the server did not certify it. */
  void discard() {
    // Renamed first: half of a folder must not look like a key that waits for its certificate.
    var draft = draft(folder);
    OwnerFiles.remove(draft);
    OwnerFiles.rename(folder, draft);
    OwnerFiles.remove(draft);
  }

  private static Path draft(Path folder) {
    // A dot is in no id: the draft of one is never taken for the folder of another.
    return folder.resolveSibling(folder.getFileName() + ".draft");
  }
}
