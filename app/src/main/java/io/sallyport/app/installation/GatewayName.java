package io.sallyport.app.installation;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.NeighbourKeys;
import io.sallyport.cli.terminal.Failure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a gateway is called among those that share a database. */
public final class GatewayName {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final String FALLBACK = "gateway";

  private GatewayName() {}

  /** The configured name, or the first part of the host's as far as it can be one. */
  public static String of(Configuration configuration) {
    var configured = configuration.get(NeighbourKeys.GATEWAY_NAME);
    if (configured.isEmpty()) {
      return ofHost();
    }
    if (!FORM.matcher(configured).matches()) {
      throw Failure.badInput(
          "gateway.name: '" + configured + "' is not a name of a-z, 0-9 and -, at most 32 of them");
    }
    return configured;
  }

  private static String ofHost() {
    try {
      var host = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
      var label = host.split("\\.", 2)[0];
      return FORM.matcher(label).matches() ? label : FALLBACK;
    } catch (UnknownHostException _) {
      return FALLBACK;
    }
  }
}
