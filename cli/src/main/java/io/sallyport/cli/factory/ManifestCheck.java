package io.sallyport.cli.factory;

import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.cms.DetachedSignature;
import io.sallyport.identity.cms.SignatureRefused;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Looks at a folder that a factory made: who signed for it, and whether everything is there. */
final class ManifestCheck {
  /** Bound: findings that are told; a folder that is quite another has one for each file. */
  static final int FINDINGS_MAX = 100;

  // Bound: a manifest has about 1 KiB for each device.
  private static final int BYTES_MAX = 512 << 20;

  // A name that leads out of the folder is no name.
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9:_-]{1,64}(\\.tar\\.cms|/[A-Za-z0-9._-]{1,64})");

  private final Path folder;
  private final List<String> findings = new ArrayList<>();
  private int more;

  private ManifestCheck(Path folder) {
    this.folder = folder;
  }

  /**
   * What was found.
   *
   * @param signer null if the signature does not hold
   * @param further how many findings were not kept
   */
  record Result(
      @Nullable PrincipalId signer, String batch, int devices, List<String> findings, int further) {
    Result {
      findings = List.copyOf(findings);
    }

    boolean isSound() {
      return findings.isEmpty();
    }
  }

  static Result of(Path folder, X509Certificate root, @Nullable Instant at) {
    return new ManifestCheck(folder).check(root, at);
  }

  private Result check(X509Certificate root, @Nullable Instant at) {
    if (!Manifest.isIn(folder)) {
      throw Failure.badInput("there is no " + Manifest.FILE + " in " + folder);
    }
    var text = bytes(Manifest.FILE, BYTES_MAX);
    var signer = signer(text, root, at);
    if (signer == null) {
      // Of what nobody answers for, nothing is worth telling.
      return new Result(null, "", 0, findings, more);
    }
    var manifest = parse(text);
    if (manifest == null) {
      return new Result(signer, "", 0, findings, more);
    }
    files(manifest);
    return new Result(signer, manifest.batch(), manifest.devices().size(), findings, more);
  }

  private @Nullable PrincipalId signer(byte[] text, X509Certificate root, @Nullable Instant at) {
    if (!Files.exists(folder.resolve(Manifest.SIGNATURE))) {
      find(Manifest.SIGNATURE + " is missing");
      return null;
    }
    try {
      var signature = bytes(Manifest.SIGNATURE, DetachedSignature.LENGTH_MAX);
      return DetachedSignature.verify(signature, text, root, at);
    } catch (SignatureRefused e) {
      find(Manifest.SIGNATURE + ": " + e.getMessage());
      return null;
    }
  }

  private @Nullable Manifest parse(byte[] text) {
    try {
      var manifest = Json.mapper().readValue(text, Manifest.class);
      if (manifest.version() == Manifest.VERSION) {
        return manifest;
      }
      find("its version is " + manifest.version() + ", not " + Manifest.VERSION);
    } catch (JacksonException | NullPointerException e) {
      find(Manifest.FILE + " is malformed");
    }
    return null;
  }

  private void files(Manifest manifest) {
    if (manifest.count() != manifest.devices().size()) {
      find("it counts " + manifest.count() + " devices and names " + manifest.devices().size());
    }
    var ids = new HashSet<String>();
    var keys = new HashSet<String>();
    var expected = new HashSet<String>();
    for (var device : manifest.devices()) {
      if (!ids.add(device.id())) {
        find(device.id() + " is there twice");
      }
      if (!keys.add(device.publicKeySha256())) {
        find(device.id() + " has the key of another device");
      }
      if (device.files().isEmpty()) {
        find(device.id() + " has no file");
      }
      for (var output : device.files()) {
        expected.add(output.name());
        output(output);
      }
    }
    nothingElse(expected);
  }

  private void output(DeviceFacts.Output output) {
    if (!NAME.matcher(output.name()).matches() || output.name().endsWith("/..")) {
      find("'" + output.name() + "' is no name of an output");
      return;
    }
    var file = folder.resolve(output.name());
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      find(output.name() + " is missing");
      return;
    }
    var digest = Digests.sha256();
    try (var stream = new DigestInputStream(Files.newInputStream(file), digest)) {
      stream.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      find(output.name() + " cannot be read");
      return;
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(output.sha256())) {
      find(output.name() + " is another than the one that was signed for");
    }
  }

  /** Something that nobody signed for, such as a device that was slipped in. */
  private void nothingElse(Set<String> expected) {
    var known = new HashSet<>(expected);
    known.add(Manifest.FILE);
    known.add(Manifest.SIGNATURE);
    try (var tree = Files.walk(folder)) {
      tree.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> folder.relativize(file).toString())
          .filter(name -> !known.contains(name))
          .forEach(name -> find(name + " is not in the manifest"));
    } catch (IOException | UncheckedIOException e) {
      find("the folder cannot be listed");
    }
  }

  private void find(String what) {
    if (findings.size() < FINDINGS_MAX) {
      findings.add(what);
    } else {
      more++;
    }
  }

  private byte[] bytes(String name, int most) {
    var file = folder.resolve(name);
    try (var stream = Files.newInputStream(file)) {
      return stream.readNBytes(most);
    } catch (IOException e) {
      throw OwnerFiles.broken("the file cannot be read", file, e);
    }
  }
}
