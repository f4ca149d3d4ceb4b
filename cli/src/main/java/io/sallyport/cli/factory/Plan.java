package io.sallyport.cli.factory;

import io.sallyport.cli.enrolment.OwnerFiles;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What one run is to make, so that the run that goes on with it after a crash makes the same.
 *
 * @param ids the hash of all ids in their order
 * @param terms the hash of what is asked for beside the certificates
 * @param station the fingerprint of the certificate that outputs are encrypted to
 * @param salt from which, with the operator's key, the key of this work comes; in hex
 */
record Plan(
    String batch,
    int count,
    String ids,
    String format,
    int nvsSize,
    boolean pinned,
    String terms,
    @Nullable String station,
    String salt) {
  private static final String FILE = "plan.json";
  private static final int BYTES_MAX = 16 * 1024;

  /** The plan that was begun in a folder, which must be this one; else this one is begun. */
  Plan begin(Path work) {
    var file = work.resolve(FILE);
    if (!Files.exists(file)) {
      OwnerFiles.replace(file, Json.mapper().writeValueAsBytes(this));
      return this;
    }
    var begun = read(file);
    var other = begun.facts();
    facts()
        .forEach(
            (name, value) -> {
              if (!value.equals(other.get(name))) {
                throw Failure.badInput(
                    "another run was begun in "
                        + work.getParent()
                        + " and is not finished: its "
                        + name
                        + " is "
                        + other.get(name)
                        + ", not "
                        + value);
              }
            });
    return begun;
  }

  /** Whether a run for as many devices was begun in a folder. */
  boolean isBegunIn(Path work) {
    var file = work.resolve(FILE);
    return Files.exists(file) && read(file).count() == count;
  }

  private static Plan read(Path file) {
    try (var stream = Files.newInputStream(file)) {
      return Json.mapper().readValue(stream.readNBytes(BYTES_MAX), Plan.class);
    } catch (IOException | JacksonException e) {
      throw Failure.badInput("the plan of an earlier run cannot be read: " + file);
    }
  }

  private Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("batch", batch);
    facts.put("count", String.valueOf(count));
    facts.put("list of ids", ids);
    facts.put("format", format);
    facts.put("NVS size", String.valueOf(nvsSize));
    facts.put("pinning", String.valueOf(pinned));
    facts.put("policies, type, attributes and days", terms);
    facts.put("station", String.valueOf(station));
    return facts;
  }
}
