package io.sallyport.simulation;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One simulation by hand: {@code Run DEVICES SEED [usual|foul|fair] [DEVICE]}. Says each month how
 * far it is; at the end figures, or the promise that was broken. With the number of a device it
 * prints what befell this one, up to the violation if there is one.
 */
public final class Run {
  private static final Duration YEAR = Duration.ofDays(365);
  private static final int EXIT_BROKEN = 1;
  private static final int EXIT_USAGE = 2;

  private Run() {}

  /** Exits with 1 if a promise was broken, and with 2 if the arguments make no sense. */
  public static void main(String[] arguments) {
    int status = run(List.of(arguments), System.out);
    if (status != 0) {
      System.exit(status);
    }
  }

  static int run(List<String> arguments, PrintStream out) {
    try {
      int devices = Integer.parseInt(arguments.get(0));
      long seed = Long.parseLong(arguments.get(1));
      var weather = weather(arguments.size() > 2 ? arguments.get(2) : "usual");
      int traced = arguments.size() > 3 ? Integer.parseInt(arguments.get(3)) : World.NOBODY;
      if (devices < 1 || traced >= devices) {
        throw new IllegalArgumentException("there is no such device");
      }
      return run(Scenario.of(seed, devices, YEAR, weather), traced, out);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      out.println("usage: Run DEVICES SEED [usual|foul|fair] [DEVICE]: " + e.getMessage());
      return EXIT_USAGE;
    }
  }

  private static int run(Scenario scenario, int traced, PrintStream out) {
    if (traced != World.NOBODY) {
      new Simulation().history(scenario, traced, Integer.MAX_VALUE).forEach(out::println);
      return 0;
    }
    long begin = System.nanoTime();
    try {
      var figures =
          new Simulation().run(scenario, (day, so) -> out.println(progress(day, so, begin)));
      out.print(Report.of(scenario, figures));
      return 0;
    } catch (Violation e) {
      out.println(e.getMessage());
      return EXIT_BROKEN;
    }
  }

  private static String progress(Duration time, Figures figures, long begin) {
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    return String.format(
        Locale.ROOT,
        "day %3d  %,12d happenings  %,9d proven  %4d s  %5d MB",
        time.toDays(),
        figures.happened(),
        figures.proven(),
        Duration.ofNanos(System.nanoTime() - begin).toSeconds(),
        heap);
  }

  private static Weather weather(String name) {
    return switch (name) {
      case "usual" -> Weather.usual(Weather.YEAR_OF_INCIDENTS);
      case "foul" -> Weather.foul(Weather.YEAR_OF_INCIDENTS);
      case "fair" -> Weather.fair();
      default -> throw new IllegalArgumentException("no weather '" + name + "'");
    };
  }
}
