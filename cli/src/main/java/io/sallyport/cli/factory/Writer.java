package io.sallyport.cli.factory;

import io.sallyport.cli.bundle.BundleFile;
import io.sallyport.cli.enrolment.Applicant;
import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.identity.cms.Envelope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the output of one device: its folder, or for a station one image that only that station
 * opens, in which case nothing secret is written in clear.
 */
final class Writer {
  private final @Nullable Envelope envelope;

  Writer(@Nullable Envelope envelope) {
    this.envelope = envelope;
  }

  /** The one name that a device has below the folder of the batch. */
  String name(Applicant applicant) {
    return applicant.id().value() + (envelope == null ? "" : ".tar.cms");
  }

  /** Writes it below a folder and wipes the files. */
  List<DeviceFacts.Output> write(Path folder, Applicant applicant, List<BundleFile> files) {
    var target = folder.resolve(name(applicant));
    return envelope == null
        ? writeFolder(target, applicant, files)
        : List.of(writeImage(target, applicant, files, envelope));
  }

  private static List<DeviceFacts.Output> writeFolder(
      Path target, Applicant applicant, List<BundleFile> files) {
    var id = applicant.id().value();
    var outputs =
        files.stream().map(file -> output(id + "/" + file.name(), file.content())).toList();
    OwnerFiles.remove(target);
    OwnerFiles.createFolders(target);
    OwnerFiles.writeAll(target, files);
    return outputs;
  }

  private DeviceFacts.Output writeImage(
      Path target, Applicant applicant, List<BundleFile> files, Envelope seal) {
    var archive = Tar.of(applicant.id().value(), files);
    files.forEach(BundleFile::wipe);
    try {
      var sealed = seal.seal(archive);
      OwnerFiles.writeSecret(target, sealed);
      return output(name(applicant), sealed);
    } finally {
      Arrays.fill(archive, (byte) 0);
    }
  }

  private static DeviceFacts.Output output(String name, byte[] content) {
    return new DeviceFacts.Output(name, content.length, Digests.hex(content));
  }
}
