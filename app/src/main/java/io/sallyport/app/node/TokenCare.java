package io.sallyport.app.node;

import io.sallyport.control.enforcement.MetricsSource;
import io.sallyport.identity.issuance.token.Token;
import io.sallyport.identity.issuance.token.TokenStatus;
import io.sallyport.identity.issuance.token.TokenTrouble;
import io.sallyport.identity.issuance.token.TokenWatch;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a token that was gone is back, and tells of both in the log and the metrics. */
final class TokenCare implements MetricsSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenCare.class);
  private static final int LOOK_EVERY_SECONDS = 2;

  private final @Nullable Token token;
  private final @Nullable ScheduledExecutorService timer;

  /** Cares for that token, or for none. */
  TokenCare(@Nullable Token token) {
    this.token = token;
    if (token == null) {
      timer = null;
      return;
    }
    token.tell(new Log());
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("token").daemon(true).factory());
    var _ =
        timer.scheduleWithFixedDelay(
            token::look, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void collect(Consumer<Metric> out) {
    var status = token == null ? new TokenStatus(null, 0, 0, 0) : token.status();
    out.accept(
        new Metric(
            "sallyport_keys_usable",
            "Whether the private keys can be used: 0 while the PKCS #11 token does not serve.",
            Type.GAUGE,
            Map.of(),
            status.isUsable() ? 1 : 0));
    counter(
        out,
        "failures",
        "Signatures that were wanted of the token and not made.",
        status.failures());
    counter(out, "returns", "Times that the token came back after it was gone.", status.returns());
    counter(out, "signatures", "Signatures that the token made.", status.signatures());
  }

  private static void counter(Consumer<Metric> out, String name, String help, long value) {
    out.accept(
        new Metric("sallyport_token_" + name + "_total", help, Type.COUNTER, Map.of(), value));
  }

  private static final class Log implements TokenWatch {
    @Override
    public void lost(TokenTrouble trouble, String detail) {
      LOG.atError()
          .addKeyValue("trouble", trouble)
          .addKeyValue("detail", detail)
          .log("the token does not serve: nothing is signed until it is back");
    }

    @Override
    public void back() {
      LOG.atInfo().log("the token serves again");
    }
  }

  @Override
  public void close() {
    if (timer != null) {
      timer.shutdownNow();
    }
  }
}
