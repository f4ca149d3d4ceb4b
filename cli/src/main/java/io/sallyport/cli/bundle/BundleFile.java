package io.sallyport.cli.bundle;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One file of a bundle. Not a record, which would print a secret. */
public final class BundleFile {
  private final String name;
  private final byte[] content;
  private final boolean secret;

  private BundleFile(String name, byte[] content, boolean secret) {
    this.name = name;
    this.content = content;
    this.secret = secret;
  }

  static BundleFile secret(String name, byte[] content) {
    return new BundleFile(name, content, true);
  }

  static BundleFile open(String name, byte[] content) {
    return new BundleFile(name, content, false);
  }

  static BundleFile open(String name, String text) {
    return open(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Its name within the folder. */
  public String name() {
    return name;
  }

  /** What is in it: the very bytes, not a copy. */
  public byte[] content() {
    return content;
  }

  /** Whether nobody but its owner may read it. */
  public boolean isSecret() {
    return secret;
  }

  /** Overwrites what is secret. */
  public void wipe() {
    if (secret) {
      Arrays.fill(content, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return "BundleFile[" + name + "]";
  }
}
