package io.sallyport.bench.server;

import io.sallyport.bench.load.Target;

/** A server under test that is one process. */
abstract class ServerProcess implements ServerUnderTest {
  private final String name;
  private final Process process;
  private final Target target;

  ServerProcess(String name, Process process, Target target) {
    this.name = name;
    this.process = process;
    this.target = target;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Target target() {
    return target;
  }

  @Override
  public final ProcStat process() {
    return new ProcStat(process.pid());
  }

  final long pid() {
    return process.pid();
  }

  final boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    Ending.end(process);
  }
}
