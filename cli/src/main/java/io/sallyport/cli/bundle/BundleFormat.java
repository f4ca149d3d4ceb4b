package io.sallyport.cli.bundle;

import io.sallyport.cli.terminal.Failure;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The forms of a bundle; a further one is a layout of its own and a line here. */
public enum BundleFormat {
  PEM(new PemLayout(), false),
  C_HEADER(new HeaderLayout(), true),
  MBEDTLS(
      new SourcesLayout(
          "mbedtls_config.h", "sallyport_client.h", "sallyport_client.c", "sallyport_main.c"),
      true),
  ESP_NVS(new NvsLayout(), true),
  ZEPHYR(new SourcesLayout("sallyport_zephyr.c", "sallyport.conf"), true),
  AWS_IOT(new AwsIotLayout(), false),
  AGENT(new AgentLayout(), true);

  @SuppressWarnings("ImmutableEnumChecker") // A layout has nothing that changes.
  private final Layout layout;

  private final boolean pinned;

  BundleFormat(Layout layout, boolean pinned) {
    this.layout = layout;
    this.pinned = pinned;
  }

  /** The format of that word. */
  public static BundleFormat ofWord(String word) {
    return find(word)
        .orElseThrow(
            () ->
                Failure.badInput(
                    "'"
                        + word
                        + "' is no format; known are "
                        + Arrays.stream(values())
                            .map(BundleFormat::word)
                            .collect(Collectors.joining(", "))));
  }

  private static Optional<BundleFormat> find(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  /** The word of the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the firmware is meant to check the pins, so that the server has to heed them. */
  public boolean pinned() {
    return pinned;
  }

  /** The files of a bundle, for the caller to wipe. */
  public List<BundleFile> files(Credentials credentials) {
    if (pinned && credentials.pins().isEmpty()) {
      throw Failure.unavailable("the server names no key that devices could know it by");
    }
    return layout.files(credentials);
  }

  /** A file without which a folder is no finished bundle of this format. */
  public String mark(Credentials.Owner owner) {
    return layout.mark(owner);
  }
}
