package io.sallyport.gateway.connection;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import io.sallyport.exchange.Reason;
import io.sallyport.gateway.tls.VerifiedDevice;
import io.sallyport.identity.PrincipalId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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

  /**
   * Ends the connections of a principal by an operator's action, each on its own thread.
   *
   * @return what becomes done when each socket is gone
   */
  public List<Future<?>> cut(PrincipalId id, Reason reason) {
    return each(of(id), connection -> connection.cut(reason));
  }

  /** Decides the connections of a principal again, each on its own thread. */
  public void trustChanged(PrincipalId id) {
    each(of(id), Connection::trustChanged);
  }

  /** Decides those again whose issuing CA is over, each on its own thread. */
  public void retire(Predicate<VerifiedDevice> isRetired) {
    var all =
        byPrincipal.values().stream()
            .flatMap(Arrays::stream)
            .filter(connection -> isRetired.test(connection.device()))
            .toList();
    each(all, Connection::trustChanged);
  }

  /** Has every device ask again how fast it may publish. */
  void ratesChanged() {
    var all = byPrincipal.values().stream().flatMap(Arrays::stream).toList();
    each(all, connection -> connection.authentication().ratesChanged());
  }

  /**
   * Ends the connections of a client that was let in elsewhere after them.
   *
   * @return how many those are
   */
  public int takenOver(PrincipalId id, Predicate<String> clientId) {
    var older =
        of(id).stream()
            .filter(
                connection -> {
                  var client = connection.client();
                  return client != null && client.isAnnounced() && clientId.test(client.clientId());
                })
            .toList();
    each(older, connection -> connection.end(Reason.SESSION_TAKEN_OVER, null));
    return older.size();
  }

  /** An arrival was told to everybody: whoever arrives elsewhere from now on came later. */
  public void announced(PrincipalId id, long arrival) {
    for (var connection : of(id)) {
      var client = connection.client();
      if (client != null) {
        client.announced(arrival);
      }
    }
  }

  /** Sends everybody away, each on its own thread; wills are not published. */
  void departAll(Reason reason) {
    var all = byPrincipal.values().stream().flatMap(Arrays::stream).toList();
    each(all, connection -> connection.depart(reason));
  }

  /** Sends everybody away, each on its own thread. */
  List<Future<?>> dismissAll(Departure to) {
    var all = byPrincipal.values().stream().flatMap(Arrays::stream).toList();
    return each(all, connection -> connection.dismiss(to));
  }

  /** The connections that hold a session, or are about to. */
  List<Connection> sessions() {
    return byPrincipal.values().stream()
        .flatMap(Arrays::stream)
        .filter(Connection::isSession)
        .toList();
  }

  /** How many connections hold a session, or are about to. */
  public long sessionCount() {
    return byPrincipal.values().stream()
        .flatMap(Arrays::stream)
        .filter(Connection::isSession)
        .count();
  }

  /** Who is connected as a principal at this moment. */
  public List<Description> describe(PrincipalId id) {
    return of(id).stream().map(Connection::described).filter(Objects::nonNull).toList();
  }

  /** The clients that are connected now. */
  List<Client> clients() {
    return byPrincipal.values().stream()
        .flatMap(Arrays::stream)
        .filter(connection -> connection.phase() == Phase.OPEN)
        .map(Connection::client)
        .filter(Objects::nonNull)
        .toList();
  }

  private List<Connection> of(PrincipalId id) {
    var present = byPrincipal.get(id);
    return present == null ? List.of() : List.of(present);
  }

  private static List<Future<?>> each(List<Connection> all, Consumer<Connection> action) {
    var gone = new ArrayList<Future<?>>(all.size());
    for (var connection : all) {
      var channel = connection.channel();
      channel.eventLoop().execute(() -> action.accept(connection));
      gone.add(channel.closeFuture());
    }
    return gone;
  }

  /** Those that are here now, by the loop that each is worked on by. */
  Map<EventLoop, List<Connection>> byLoop() {
    return byPrincipal.values().stream()
        .flatMap(Arrays::stream)
        .collect(Collectors.groupingBy(connection -> connection.channel().eventLoop()));
  }

  /** Waits, bounded, for futures; returns how many were not done in that time. */
  public static int await(List<Future<?>> all, Duration max, Ticker ticker) {
    long deadline = ticker.nanoTime() + max.toNanos();
    int late = 0;
    for (var one : all) {
      long left = Math.max(0, deadline - ticker.nanoTime());
      if (!one.awaitUninterruptibly(left, TimeUnit.NANOSECONDS)) {
        late++;
      }
    }
    return late;
  }
}
