package io.sallyport.policy.mosquitto;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a mosquitto.conf says about who a client is and which ACL file it is under. */
public final class MosquittoConf {
  /** Bound: the longest file, in characters. */
  public static final int LENGTH_MAX = 1 << 20;

  /** What the broker keeps once, unless it keeps it for each listener. */
  static final Set<String> SECURITY =
      Set.of(
          "acl_file",
          "allow_anonymous",
          "allow_zero_length_clientid",
          "auth_plugin",
          "auto_id_prefix",
          "password_file",
          "plugin",
          "psk_file");

  /** One line. */
  record Option(int line, String key, String value) {}

  /**
   * What stands behind one {@code listener} line.
   *
   * @param line where it begins, 0 for what stands before the first
   */
  record Listener(int line, String name, Map<String, Option> options) {
    boolean isTrue(String key) {
      var option = options.get(key);
      return option != null && option.value().equals("true");
    }

    boolean has(String key) {
      return options.containsKey(key);
    }

    /** Whether it takes certificates of clients. */
    boolean usesTls() {
      return has("cafile") || has("capath");
    }

    /** Whether a client's user name is proved by its certificate or key. */
    boolean provesIdentity() {
      return isTrue("use_identity_as_username") || isTrue("use_subject_as_username");
    }
  }

  private final List<Option> options = new ArrayList<>();
  private final List<Listener> listeners = new ArrayList<>();

  private MosquittoConf(String text) {
    listeners.add(new Listener(0, "default", new LinkedHashMap<>()));
    int number = 0;
    for (var line : text.split("\n", -1)) {
      read(++number, line);
    }
  }

  /** Reads the text of a file; what it does not know it leaves alone. */
  public static MosquittoConf parse(String text) {
    if (text.length() > LENGTH_MAX) {
      throw new IllegalArgumentException("longer than " + LENGTH_MAX + " characters");
    }
    return new MosquittoConf(text);
  }

  private void read(int number, String raw) {
    var line = raw.strip();
    if (raw.startsWith("#") || line.isEmpty()) {
      return;
    }
    int space = line.indexOf(' ');
    var key = space < 0 ? line : line.substring(0, space);
    var option = new Option(number, key, space < 0 ? "" : line.substring(space + 1).strip());
    options.add(option);
    if (key.equals("listener")) {
      listeners.add(new Listener(number, option.value(), new LinkedHashMap<>()));
    }
    listeners.getLast().options().put(key, option);
  }

  List<Option> options() {
    return options;
  }

  /** The last line of this key, or null. */
  @Nullable Option last(String key) {
    return options.stream()
        .filter(option -> option.key().equals(key))
        .reduce((_, b) -> b)
        .orElse(null);
  }

  boolean has(String key) {
    return last(key) != null;
  }

  boolean perListener() {
    var option = last("per_listener_settings");
    return option != null && option.value().equals("true");
  }

  /** Those that listen: the default one only if it is asked for, or if there is no other. */
  List<Listener> listeners() {
    var first = listeners.getFirst();
    boolean used = first.has("port") || first.has("bind_address") || listeners.size() == 1;
    return used ? listeners : listeners.subList(1, listeners.size());
  }

  /** The option as it holds for a listener. */
  @Nullable Option security(Listener listener, String key) {
    return perListener() ? listener.options().get(key) : last(key);
  }

  boolean hasSecurity(Listener listener, String key) {
    return security(listener, key) != null;
  }

  /** Whether this listener lets clients in that do not say who they are. */
  boolean allowsAnonymous(Listener listener) {
    var option = security(listener, "allow_anonymous");
    if (option != null) {
      return option.value().equals("true");
    }
    // A broker that nobody told where to listen serves this machine, and everybody on it.
    return listener.line() == 0 && !listener.has("port") && !listener.has("bind_address");
  }

  /** Whether any listener lets clients in that do not say who they are. */
  public boolean allowsAnonymous() {
    return listeners().stream().anyMatch(this::allowsAnonymous);
  }

  /** Whether at every listener the client id is the user name. */
  public boolean bindsClientId() {
    return listeners().stream().allMatch(l -> l.isTrue("use_username_as_clientid"));
  }

  /** The files that its {@code crlfile} lines name, by their lines. */
  public Map<Integer, String> revocationLists() {
    var files = new TreeMap<Integer, String>();
    options.stream()
        .filter(option -> option.key().equals("crlfile"))
        .forEach(option -> files.put(option.line(), option.value()));
    return files;
  }

  /** The traps in it, the worst first. */
  public List<Finding> findings() {
    return new ConfTraps(this).findings();
  }
}
