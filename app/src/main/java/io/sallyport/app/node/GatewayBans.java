package io.sallyport.app.node;

import io.sallyport.control.enforcement.SourceBans;
import io.sallyport.gateway.defence.AddressBlock;
import io.sallyport.gateway.defence.Ban;
import io.sallyport.gateway.defence.Bans;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gateway's bans as operators see them. */
record GatewayBans(Bans bans) implements SourceBans {
  @Override
  public List<SourceBan> list() {
    return shown(bans.list());
  }

  @Override
  public List<SourceBan> clear(@Nullable String source) {
    return shown(bans.clear(source == null ? null : AddressBlock.parse(source)));
  }

  private static List<SourceBan> shown(List<Ban> bans) {
    return bans.stream()
        .map(
            ban ->
                new SourceBan(
                    ban.source().toString(), ban.since(), ban.until(), ban.times(), ban.reason()))
        .toList();
  }
}
