package io.sallyport.bench;

import io.sallyport.bench.load.LoadFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code sallyport bench policy}, so that the help names it: the launcher has started another
 * program before this one is asked, so that the engines it compares with are no part of the
 * product.
 */
@Command(
    name = "policy",
    description = "The decision engine beside jcasbin and Cedar, in nanoseconds (JMH).")
final class PolicyCommand implements Callable<Integer> {
  @Unmatched private final List<String> words = new ArrayList<>();

  @Override
  public Integer call() {
    throw new LoadFailure(
        ("policy is a program of its own; start it by the launcher: ./sallyport bench policy "
                + String.join(" ", words))
            .strip());
  }
}
