package io.sallyport.agent.bundle;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A bundle of {@code device enroll --bundle} in one of the forms that are made of files: {@code
 * agent}, {@code pem} or {@code aws-iot}.
 *
 * @param server where it connects
 * @param root whom it trusts
 * @param pins keys of the server, or none
 * @param identity its key and certificate
 * @param commands whose commands it obeys; null if it does not say
 */
public record Bundle(
    Server server,
    X509Certificate root,
    Pins pins,
    Identity identity,
    @Nullable CommandTrust commands) {
  private static final JsonMapper JSON = new JsonMapper();
  // Bound: a chain of three certificates has about 3 KiB.
  private static final int LENGTH_MAX = 256 * 1024;
  private static final String CONFIGURATION = "config.json";
  private static final EnumSet<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /** Files of one form. */
  private record Form(String root, String certificate, String key) {}

  private static final List<Form> FORMS =
      List.of(
          new Form("ca.crt", "device.crt", "device.key"),
          new Form("AmazonRootCA1.pem", "certificate.pem.crt", "private.pem.key"));

  /** A bundle whose device obeys nobody. */
  public Bundle(Server server, X509Certificate root, Pins pins, Identity identity) {
    this(server, root, pins, identity, null);
  }

  /**
   * Reads a folder.
   *
   * @param server where to connect in place of what the bundle says, or null
   * @throws MalformedBundle if a file is missing, readable by others, or not what it should be
   */
  public static Bundle read(Path folder, @Nullable Server server) throws MalformedBundle {
    for (var form : FORMS) {
      if (Files.isRegularFile(folder.resolve(form.certificate))) {
        return read(folder, form, server);
      }
    }
    throw new MalformedBundle(
        folder
            + " is no bundle of the form pem or aws-iot: it has neither device.crt nor"
            + " certificate.pem.crt; make one with `sallyport device enroll ID --bundle DIR"
            + " --pin`");
  }

  private static Bundle read(Path folder, Form form, @Nullable Server server)
      throws MalformedBundle {
    var key = folder.resolve(form.key);
    requireOwnerOnly(key);
    var identity = Identity.of(text(folder.resolve(form.certificate)), text(key));
    var pins = folder.resolve("pins.txt");
    var trust = folder.resolve(CommandTrust.FILE);
    return new Bundle(
        server == null ? server(folder.resolve(CONFIGURATION)) : server,
        root(folder.resolve(form.root)),
        Files.exists(pins) ? Pins.parse(text(pins)) : new Pins(List.of()),
        identity,
        Files.exists(trust) ? CommandTrust.parse(text(trust)) : null);
  }

  private static X509Certificate root(Path file) throws MalformedBundle {
    try {
      return Pem.certificate(text(file));
    } catch (MalformedPem e) {
      throw new MalformedBundle(file + ": " + e.getMessage(), e);
    }
  }

  private static Server server(Path file) throws MalformedBundle {
    if (!Files.exists(file)) {
      throw new MalformedBundle(
          file
              + " is missing, so the bundle does not say where to connect; add --server HOST:PORT");
    }
    try {
      JsonNode json = JSON.readTree(text(file));
      return new Server(json.path("endpoint").asString(""), json.path("port").asInt(0));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new MalformedBundle(file + " does not say \"endpoint\" and \"port\"", e);
    }
  }

  private static void requireOwnerOnly(Path key) throws MalformedBundle {
    try {
      var mode = Files.getPosixFilePermissions(key, LinkOption.NOFOLLOW_LINKS);
      if (mode.stream().anyMatch(OTHERS::contains)) {
        throw new MalformedBundle(key + " is readable by others than its owner; chmod 600 it");
      }
    } catch (IOException e) {
      throw new MalformedBundle(key + " could not be read; the bundle has no private key", e);
    } catch (UnsupportedOperationException _) {
      // A file system without modes has nobody else either.
    }
  }

  private static String text(Path file) throws MalformedBundle {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LENGTH_MAX), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new MalformedBundle(file + " could not be read: " + e.getMessage(), e);
    }
  }

  /** The same trust and place with another key and certificate. */
  public Bundle with(Identity other) {
    return new Bundle(server, root, pins, other, commands);
  }
}
