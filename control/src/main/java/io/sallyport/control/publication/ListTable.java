package io.sallyport.control.publication;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The tables of what was published; every method runs in the transaction of its handle. */
final class ListTable {
  private ListTable() {}

  /**
   * What the newest lists of an authority are made of.
   *
   * @param published their number; 0 when there are none yet
   * @param since from when on revocations were counted
   * @param counted how many there were when the lists were made
   * @param urls where certificates say that they are, the newest first
   */
  record State(long published, Instant since, long counted, List<String> urls) {
    static final State NONE = new State(0, Instant.EPOCH, -1, List.of());

    State {
      urls = List.copyOf(urls);
    }
  }

  /** A number that no list of that authority ever had: from now on it is used up. */
  static long takeNumber(Handle handle, String whose) {
    return handle
        .createQuery(
            "insert into revocation_publication"
                + " (authority, number, published, since, counted, urls)"
                + " values (:authority, 1, 0, 0, -1, '')"
                + " on conflict (authority)"
                + " do update set number = revocation_publication.number + 1"
                + " returning number")
        .bind("authority", whose)
        .mapTo(Long.class)
        .one();
  }

  static State state(Handle handle, String whose) {
    return handle
        .createQuery(
            "select published, since, counted, urls from revocation_publication"
                + " where authority = :authority")
        .bind("authority", whose)
        .map(
            (row, _) ->
                new State(
                    row.getLong("published"),
                    Instant.ofEpochMilli(row.getLong("since")),
                    row.getLong("counted"),
                    Stream.of(row.getString("urls").split(" "))
                        .filter(url -> !url.isEmpty())
                        .toList()))
        .findOne()
        .orElse(State.NONE);
  }

  /** Keeps new lists, unless another process has kept newer ones. */
  static boolean keep(
      Handle handle,
      String whose,
      State state,
      Collection<SignedList> made,
      Collection<ListName> dropped) {
    var isNewest =
        handle
                .createUpdate(
                    "update revocation_publication set published = :published, since = :since,"
                        + " counted = :counted, urls = :urls"
                        + " where authority = :authority and published < :published")
                .bind("authority", whose)
                .bind("published", state.published())
                .bind("since", state.since().toEpochMilli())
                .bind("counted", state.counted())
                .bind("urls", String.join(" ", state.urls()))
                .execute()
            == 1;
    if (isNewest) {
      made.forEach(list -> put(handle, list));
      dropped.forEach(
          name -> handle.execute("delete from revocation_list where name = ?", name.text()));
    }
    return isNewest;
  }

  private static void put(Handle handle, SignedList list) {
    handle
        .createUpdate(
            "insert into revocation_list"
                + " (name, authority, number, this_update, next_update, entries, contents, der)"
                + " values (:name, :authority, :number, :this, :next, :entries, :contents, :der)"
                + " on conflict (name) do update set number = excluded.number,"
                + " this_update = excluded.this_update, next_update = excluded.next_update,"
                + " entries = excluded.entries, contents = excluded.contents, der = excluded.der")
        .bind("name", list.name().text())
        .bind("authority", list.name().whose())
        .bind("number", list.number())
        .bind("this", list.thisUpdate().toEpochMilli())
        .bind("next", list.nextUpdate().toEpochMilli())
        .bind("entries", list.entries())
        .bind("contents", list.contents())
        .bind("der", list.base64())
        .execute();
  }

  /** The numbers of the lists that are kept. */
  static Map<ListName, Long> numbers(Handle handle, String whose) {
    return handle
        .createQuery("select name, number from revocation_list where authority = :authority")
        .bind("authority", whose)
        .map((row, _) -> Map.entry(name(row), row.getLong("number")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  static Optional<SignedList> find(Handle handle, ListName name) {
    return handle
        .createQuery("select * from revocation_list where name = :name")
        .bind("name", name.text())
        .map((row, _) -> list(row))
        .findOne();
  }

  private static SignedList list(ResultSet row) throws SQLException {
    return new SignedList(
        name(row),
        row.getLong("number"),
        Instant.ofEpochMilli(row.getLong("this_update")),
        Instant.ofEpochMilli(row.getLong("next_update")),
        row.getInt("entries"),
        row.getString("contents"),
        Base64.getDecoder().decode(row.getString("der")));
  }

  private static ListName name(ResultSet row) throws SQLException {
    return ListName.parse(row.getString("name")).orElseThrow();
  }
}
