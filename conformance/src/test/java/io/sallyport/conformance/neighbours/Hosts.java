package io.sallyport.conformance.neighbours;

import io.sallyport.conformance.product.Program;
import io.sallyport.conformance.product.Ran;
import io.sallyport.conformance.product.Tool;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Hosts of their own on this machine: network namespaces behind one bridge. This machine is one of
 * the hosts, with two addresses: as the database's, and as that of devices and of the operator.
 */
final class Hosts implements AutoCloseable {
  static final String NETWORK = "10.213.77.";
  static final String DATABASE = NETWORK + "1";
  static final String DEVICES = NETWORK + "2";
  private static final String BITS = "/24";

  private final String tag;
  private final Path folder;
  private final String ip = Tool.IP.path().toString();
  private final Deque<List<String>> undo = new ArrayDeque<>();

  private Hosts(String tag, Path folder) {
    this.tag = tag;
    this.folder = folder;
  }

  /** Makes the bridge; says aloud, and gives up, where namespaces are not permitted. */
  @SuppressWarnings("SystemOut") // Skipped aloud: a log level must not hide it.
  static Hosts open(Path folder) {
    Tool.need(Tool.IP);
    var hosts = new Hosts("sp" + ProcessHandle.current().pid() % 100_000, folder);
    var bridge = hosts.tag + "br";
    var tried = hosts.run("link", "add", bridge, "type", "bridge");
    if (tried.exit() != 0 || hosts.run("netns", "add", hosts.tag + "try").exit() != 0) {
      hosts.close();
      hosts.run("link", "del", bridge);
      var why = "network namespaces are not permitted here: " + tried.said().strip();
      System.err.println("SKIPPED " + why);
      Assumptions.abort(why);
    }
    hosts.undo.push(List.of("link", "del", bridge));
    hosts.run("netns", "del", hosts.tag + "try");
    hosts.must("addr", "add", DATABASE + BITS, "dev", bridge);
    hosts.must("addr", "add", DEVICES + BITS, "dev", bridge);
    hosts.must("link", "set", bridge, "up");
    return hosts;
  }

  /** A further host; what runs a command there. */
  List<String> add(String name, int address) {
    var space = tag + name;
    var near = tag + name + "n";
    must("netns", "add", space);
    undo.push(List.of("netns", "del", space));
    must("link", "add", near, "type", "veth", "peer", "name", "eth0", "netns", space);
    must("link", "set", near, "master", tag + "br", "up");
    must("-n", space, "addr", "add", NETWORK + address + BITS, "dev", "eth0");
    must("-n", space, "link", "set", "eth0", "up");
    must("-n", space, "link", "set", "lo", "up");
    return List.of(ip, "netns", "exec", space);
  }

  /** Everything that a host sends to an address is lost, and nobody is told. */
  void partition(String name, String from) {
    must("-n", tag + name, "route", "add", "blackhole", from + "/32");
  }

  void heal(String name, String from) {
    must("-n", tag + name, "route", "del", "blackhole", from + "/32");
  }

  /** Pulls a host's cable, or plugs it in again. */
  void cable(String name, boolean plugged) {
    must("link", "set", tag + name + "n", plugged ? "up" : "down");
  }

  private void must(String... arguments) {
    run(arguments).expecting(0);
  }

  private Ran run(String... arguments) {
    var command = new ArrayList<>(List.of(ip));
    command.addAll(List.of(arguments));
    return Program.run(folder, command);
  }

  @Override
  public void close() {
    while (!undo.isEmpty()) {
      run(undo.pop().toArray(String[]::new));
    }
  }
}
