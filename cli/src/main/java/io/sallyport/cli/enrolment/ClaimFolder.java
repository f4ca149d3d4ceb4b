package io.sallyport.cli.enrolment;

import io.sallyport.cli.server.Answer;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;

/** The folder for a production line: a claim's certificate, its key and our root. */
public final class ClaimFolder {
  private ClaimFolder() {}

  /** Makes the key here, has it certified, and writes the folder. */
  public static Answer make(PrincipalId name, Path out, Function<String, Answer> certify) {
    if (OwnerFiles.occupied(out)) {
      throw Failure.badInput("the folder is there and not empty: " + out);
    }
    var parents = OwnerFiles.createFolders(out);
    try (var keys = DeviceKeys.generate(PrincipalKind.DEVICE, name)) {
      var answer = certify.apply(keys.requestPem());
      var key = keys.privateKeyPem();
      try {
        OwnerFiles.writeSecret(out.resolve("claim.key"), key);
      } finally {
        Arrays.fill(key, (byte) 0);
      }
      write(out, "claim.crt", answer.text("certificate"));
      write(out, "ca.crt", answer.text("ca"));
      return answer;
    } catch (Failure failure) {
      OwnerFiles.removeEmpty(parents);
      throw failure;
    }
  }

  private static void write(Path out, String file, String text) {
    OwnerFiles.writePublic(out.resolve(file), text.getBytes(StandardCharsets.US_ASCII));
  }
}
