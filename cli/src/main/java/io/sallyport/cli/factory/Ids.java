package io.sallyport.cli.factory;

import io.sallyport.cli.enrolment.Applicant;
import io.sallyport.cli.enrolment.FleetFile;
import io.sallyport.cli.enrolment.FleetFile.Entry;
import io.sallyport.cli.enrolment.Wishes;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.cli.terminal.InputFile;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.PrincipalKind;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which devices a batch has: counted on from a number, or those of a file. */
final class Ids {
  /** Bound: devices of one run. */
  static final int COUNT_MAX = 100_000;

  private static final int WIDTH_MAX = 12;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Make so many devices, 1 to 100000; with --ids the file says how many.")
  private @Nullable Integer count;

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description = "The devices of this CSV file, as `device enroll --from` takes it.")
  private @Nullable String file;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description = "What ids begin with; default: the batch's name and a hyphen.")
  private @Nullable String prefix;

  @Option(
      names = "--first",
      paramLabel = "N",
      defaultValue = "1",
      description = "Number of the first device; default: 1.")
  private int first = 1;

  @Option(
      names = "--width",
      paramLabel = "N",
      defaultValue = "6",
      description = "Digits of the numbers, with zeros in front; default: 6.")
  private int width = 6;

  List<Entry> entries(String batch, Terminal terminal) {
    if ((count == null) == (file == null)) {
      throw Failure.badInput("give --count N or --ids FILE");
    }
    var entries = file == null ? counted(batch, count) : listed(file, terminal);
    if (entries.isEmpty() || entries.size() > COUNT_MAX) {
      throw Failure.badInput("a run makes 1 to " + COUNT_MAX + " devices, not " + entries.size());
    }
    return entries;
  }

  private List<Entry> listed(String name, Terminal terminal) {
    if (prefix != null) {
      throw Failure.badInput("--ids takes no --prefix");
    }
    return FleetFile.read(InputFile.read(name, FleetFile.BYTES_MAX, terminal));
  }

  private List<Entry> counted(String batch, @Nullable Integer many) {
    int most = many == null ? 0 : many;
    if (most < 1 || most > COUNT_MAX) {
      throw Failure.badInput("--count is 1 to " + COUNT_MAX + ", not " + most);
    }
    if (first < 0 || width < 1 || width > WIDTH_MAX) {
      throw Failure.badInput("--first is 0 or more, --width 1 to " + WIDTH_MAX);
    }
    if (String.valueOf((long) first + most - 1).length() > width) {
      throw Failure.badInput(
          "the last number, " + ((long) first + most - 1) + ", has more than --width digits");
    }
    var begin = prefix == null ? batch + "-" : prefix;
    return IntStream.range(0, most)
        .mapToObj(n -> begin + String.format(Locale.ROOT, "%0" + width + "d", (long) first + n))
        .map(id -> new Entry(0, Applicant.of(PrincipalKind.DEVICE, id), Wishes.Line.NOTHING))
        .toList();
  }
}
