package io.sallyport.control.enrolment;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Spreads work that only computes over the machine's cores. */
final class Parallel {
  private Parallel() {}

  // Bound: virtual threads that compute run on as many carriers as there are cores, no more.
  static <A, B> List<B> map(List<A> inputs, Function<A, B> work) {
    if (inputs.size() == 1) {
      return List.of(work.apply(inputs.getFirst()));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<B>>(inputs.size());
      inputs.forEach(input -> running.add(threads.submit(() -> work.apply(input))));
      var outputs = new ArrayList<B>(inputs.size());
      for (var one : running) {
        outputs.add(one.get());
      }
      return outputs;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("work failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
