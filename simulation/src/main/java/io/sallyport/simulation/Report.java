package io.sallyport.simulation;

import java.util.Collections;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What came of a simulation, for a page of the documentation. */
public final class Report {
  private static final int WIDTH = 50;

  private Report() {}

  /** Figures and rotations by week, as lines of text. */
  public static String of(Scenario scenario, Figures figures) {
    var weeks = figures.provenByWeek();
    int most = weeks.isEmpty() ? 1 : Math.max(1, Collections.max(weeks));
    var bars =
        IntStream.range(0, weeks.size())
            .mapToObj(
                week ->
                    "week %2d  %-50s %6d"
                        .formatted(
                            week + 1, "█".repeat(weeks.get(week) * WIDTH / most), weeks.get(week)))
            .collect(Collectors.joining("\n"));
    var biggest =
        figures.waves().stream()
            .max(Comparator.comparingInt(Figures.WaveSize::asked))
            .map(Figures.WaveSize::asked)
            .orElse(0);
    return String.format(
        Locale.ROOT,
        """
        seed %d, %,d devices, %d days, %,d happenings
        rotations proven                          %,9d
        certificates that expired in use          %,9d
        issued at the door for expired ones       %,9d
        away for longer than that door waits      %,9d
        certificates withdrawn                    %,9d
        devices revoked                           %,9d
        power cuts between two steps              %,9d
        waves                                     %,9d
        biggest wave                              %,9d
        days on which waves paused by themselves  %9s
        hours from being asked to proof, 50/90/99 %%: %d/%d/%d

        %s
        """,
        scenario.seed(),
        scenario.devices(),
        scenario.length().toDays(),
        figures.happened(),
        figures.proven(),
        figures.expired(),
        figures.renewed(),
        figures.beyond(),
        figures.withdrawn(),
        figures.revoked(),
        figures.reboots(),
        figures.waves().size(),
        biggest,
        figures.pauseDays(),
        figures.hoursToProof(0.5),
        figures.hoursToProof(0.9),
        figures.hoursToProof(0.99),
        bars);
  }
}
