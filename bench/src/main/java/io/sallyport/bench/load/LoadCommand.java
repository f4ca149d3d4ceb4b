package io.sallyport.bench.load;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands of a load process; the measuring process starts them, no user does. */
@Command(
    name = "load",
    hidden = true,
    description = "Generates load; started by the other commands.",
    subcommands = {
      LoadCommand.Handshake.class,
      LoadCommand.Publish.class,
      LoadCommand.Hold.class,
      LoadCommand.Storm.class,
      LoadCommand.Intrude.class,
      LoadCommand.Visit.class,
      LoadCommand.Siege.class
    })
public final class LoadCommand {
  /** What every load needs to know. */
  static final class Where {
    @Option(names = "--host", required = true)
    private String host = "";

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--trust", required = true)
    private Path trust = Path.of("");

    @Option(names = "--fleet", required = true)
    private Path fleet = Path.of("");

    @Option(names = "--devices", required = true)
    private int devices;

    @Option(names = "--first-device", defaultValue = "1")
    private int firstDevice;

    Target target() {
      return new Target(host, port, trust);
    }

    Network network() {
      return new Network(target());
    }

    Credentials credentials() {
      return new Credentials(fleet, target(), firstDevice, devices);
    }
  }

  /** Full or resumed handshakes. */
  @Command(name = "handshake")
  static final class Handshake implements Callable<Integer> {
    @Mixin private Where where = new Where();

    @Option(names = "--parallel", required = true)
    private int parallel;

    @Option(names = "--resumption")
    private boolean resumption;

    @Override
    public Integer call() throws Exception {
      new ControlLine()
          .serve(new HandshakeLoad(where.network(), where.credentials(), parallel, resumption));
      return 0;
    }
  }

  /** Publishers and subscribers. */
  @Command(name = "publish")
  static final class Publish implements Callable<Integer> {
    @Mixin private Where where = new Where();

    @Option(names = "--subscribers", required = true)
    private int subscribers;

    @Option(names = "--qos", required = true)
    private int qos;

    @Option(names = "--payload", required = true)
    private int payload;

    @Option(names = "--rate", required = true)
    private int rate;

    @Option(names = "--window", required = true)
    private int window;

    @Option(names = "--persistent")
    private boolean persistent;

    @Override
    public Integer call() throws Exception {
      var credentials = where.credentials();
      var shape =
          new PublishLoad.Shape(
              credentials.ids().size(), subscribers, qos, payload, rate, persistent, window);
      new ControlLine().serve(new PublishLoad(where.network(), credentials, shape));
      return 0;
    }
  }

  /** Idle subscribed connections. */
  @Command(name = "hold")
  static final class Hold implements Callable<Integer> {
    @Mixin private Where where = new Where();

    @Option(names = "--connections-per-device", required = true)
    private int connectionsPerDevice;

    @Override
    public Integer call() throws Exception {
      var control = new ControlLine();
      control.serve(
          new HoldLoad(where.network(), where.credentials(), control, connectionsPerDevice));
      return 0;
    }
  }

  /** A fleet that reconnects at once. */
  @Command(name = "storm")
  static final class Storm implements Callable<Integer> {
    @Mixin private Where where = new Where();

    @Override
    public Integer call() throws Exception {
      new ControlLine().serve(new StormLoad(where.network(), where.credentials()));
      return 0;
    }
  }

  /** Devices that come and go. */
  @Command(name = "visit")
  static final class Visit implements Callable<Integer> {
    @Mixin private Where where = new Where();

    @Option(names = "--rate", required = true)
    private int rate;

    @Override
    public Integer call() throws Exception {
      new ControlLine().serve(new VisitLoad(where.network(), where.credentials(), rate));
      return 0;
    }
  }

  /** Publications that no policy allows. */
  @Command(name = "intrude")
  static final class Intrude implements Callable<Integer> {
    @Mixin private Where where = new Where();

    @Option(names = "--window", required = true)
    private int window;

    @Override
    public Integer call() throws Exception {
      new ControlLine().serve(new IntrusionLoad(where.network(), where.credentials(), window));
      return 0;
    }
  }

  /** An attack. */
  @Command(name = "siege")
  static final class Siege implements Callable<Integer> {
    @Mixin private Where where = new Where();

    @Option(names = "--attack", required = true)
    private Attack attack = Attack.NONE;

    @Option(names = "--rate", required = true)
    private int rate;

    @Option(names = "--open", required = true)
    private int open;

    @Option(names = "--source", required = true)
    private String source = "";

    @Option(names = "--prefixes", required = true)
    private int prefixes;

    @Option(names = "--first-host", required = true)
    private int firstHost;

    @Option(names = "--hosts", required = true)
    private int hosts;

    @Override
    public Integer call() throws Exception {
      var from = new Sources(source, prefixes, firstHost, hosts);
      var network = new Network(where.target(), from);
      new ControlLine().serve(SiegeLoad.begin(network, where.credentials(), attack, rate, open));
      return 0;
    }
  }
}
