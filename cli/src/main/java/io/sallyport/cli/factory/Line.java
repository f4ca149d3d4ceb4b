package io.sallyport.cli.factory;

import io.sallyport.cli.bundle.Gate;
import io.sallyport.cli.enrolment.Shape;
import io.sallyport.cli.enrolment.Wishes;
import io.sallyport.cli.server.ControlClient;
import io.sallyport.identity.issuance.WorkSeal;
import java.nio.file.Path;

/**
 * What all portions of one run share.
 *
 * @param out where outputs get their final names
 * @param work where everything lies that is not finished
 */
record Line(
    ControlClient control,
    String batch,
    Wishes wishes,
    Shape.Chosen shape,
    Gate gate,
    Writer writer,
    WorkSeal seal,
    Path out,
    Path work) {

  /** Where outputs are written before they get their names. */
  Path drafts() {
    return work.resolve("drafts");
  }

  KeyJournal journal(int portion) {
    return new KeyJournal(work.resolve("keys-%06d.sealed".formatted(portion)), seal);
  }

  Records records(int portion) {
    return new Records(work.resolve("records-%06d.json".formatted(portion)));
  }
}
