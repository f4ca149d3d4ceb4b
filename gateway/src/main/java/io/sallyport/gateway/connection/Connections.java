package io.sallyport.gateway.connection;

import io.sallyport.identity.PrincipalId;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The connections that have shown a certificate, by principal: what a cut and a change look up. */
public final class Connections {
  private final ConcurrentHashMap<PrincipalId, Connection[]> byPrincipal =
      new ConcurrentHashMap<>();

  /** Adds a connection and returns how many its principal has now. */
  int add(PrincipalId id, Connection connection) {
    var all =
        byPrincipal.merge(
            id,
            new Connection[] {connection},
            (present, added) -> {
              var more = Arrays.copyOf(present, present.length + 1);
              more[present.length] = added[0];
              return more;
            });
    return all.length;
  }

  void remove(PrincipalId id, Connection connection) {
    byPrincipal.computeIfPresent(
        id,
        (_, present) -> {
          var rest =
              Arrays.stream(present)
                  .filter(other -> other != connection)
                  .toArray(Connection[]::new);
          return rest.length == 0 ? null : rest;
        });
  }

  /** The connections of a principal at this moment. */
  public List<Connection> of(PrincipalId id) {
    var present = byPrincipal.get(id);
    return present == null ? List.of() : List.of(present);
  }

  /** All connections that have shown a certificate. */
  List<Connection> all() {
    return byPrincipal.values().stream().flatMap(Arrays::stream).toList();
  }
}
