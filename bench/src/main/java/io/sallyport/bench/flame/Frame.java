package io.sallyport.bench.flame;

import java.util.regex.Pattern;

/** One level of a stack: a method, or what stands for several. */
record Frame(String name, Kind kind) {
  private static final Pattern HIDDEN = Pattern.compile("(\\$\\$Lambda|\\$MH|\\$DMH|/0x|\\+0x).*");
  private static final String OURS = "io.sallyport.";
  private static final String NETTY = "io.netty.";

  /** Whose code it is: each kind has a hue. */
  enum Kind {
    OURS("Sallyport"),
    NETTY("Netty"),
    NATIVE("native code: BoringSSL, system calls"),
    JAVA("JDK and other libraries"),
    THREAD("threads"),
    FOLDED("all; not told apart");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /** The method of a class, as a recording names it. */
  static Frame method(String type, String method, boolean isNative) {
    // Hidden classes have another name in each run.
    var name = HIDDEN.matcher(type).replaceFirst("\\$\\$Lambda") + "." + method;
    return new Frame(name, isNative ? Kind.NATIVE : kind(type));
  }

  static Frame thread(String name) {
    return new Frame(name, Kind.THREAD);
  }

  /** What is said where there is no method. */
  static Frame note(String text) {
    return new Frame(text, Kind.FOLDED);
  }

  private static Kind kind(String type) {
    return type.startsWith(OURS) ? Kind.OURS : type.startsWith(NETTY) ? Kind.NETTY : Kind.JAVA;
  }

  /** The name without its package. */
  String label() {
    if (kind == Kind.THREAD || kind == Kind.FOLDED) {
      return name;
    }
    var method = name.lastIndexOf('.');
    return name.substring(name.lastIndexOf('.', method - 1) + 1);
  }
}
