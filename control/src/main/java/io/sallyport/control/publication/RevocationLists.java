package io.sallyport.control.publication;

import io.sallyport.control.publication.ListTable.State;
import io.sallyport.control.store.Database;
import io.sallyport.identity.CrlPartition;
import io.sallyport.identity.RevokedCertificate;
import io.sallyport.identity.issuance.AuthorityName;
import io.sallyport.identity.issuance.CertificateAuthority;
import io.sallyport.identity.issuance.RevocationListSigner;
import io.sallyport.identity.issuance.RevocationListSigner.Heading;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The revocation lists of one authority: that of everything and those of its parts, all made from
 * one reading of the registry, kept in the database, and held here to be served. A list is made
 * anew only when it would say something else, or at half of its life.
 */
final class RevocationLists {
  /** Bound: certificates in the list of everything; beyond it there are only those of parts. */
  static final int ENTRIES_MAX = 500_000;

  /** Bound: certificates in all lists, which are in memory while they are made. */
  static final int REVOKED_MAX = 2_000_000;

  /** Bound: URLs that lists are named by, so that old certificates find their own. */
  static final int URLS_MAX = 8;

  // A transaction may end later than another that began after it, and clocks of gateways differ.
  private static final Duration LATECOMERS = Duration.ofMinutes(10);

  // One whom no configuration told where its lists are; no certificate names it.
  private static final String NO_URL = "urn:sallyport:crl:";

  private static final int RESTING = 4;

  private static final Logger LOG = LoggerFactory.getLogger(RevocationLists.class);

  private final Database database;
  private final AuthorityName authority;
  private final int generation;
  private final String whose;
  private volatile RevocationListSigner signer;
  private final PublicationSettings settings;
  private final InstantSource clock;
  private final Map<ListName, SignedList> current = new ConcurrentHashMap<>();
  private long loaded;
  private Instant pause = Instant.MIN;

  RevocationLists(
      Database database,
      CertificateAuthority authority,
      PublicationSettings settings,
      InstantSource clock) {
    this.database = database;
    this.authority = authority.name();
    generation = authority.generation();
    whose = ListName.whose(authority.name(), generation);
    signer = new RevocationListSigner(authority);
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * The same authority, as it is now: certified by another root, or with a key that was missing.
   */
  void signBy(CertificateAuthority now) {
    signer = new RevocationListSigner(now);
  }

  /** Whose they are, in the word that names begin with. */
  String whose() {
    return whose;
  }

  /** What was read to make lists of. */
  private record Reading(State state, List<RevokedCertificate> revoked) {}

  /** The list of that name as it was last published; made first if there never was one. */
  Optional<SignedList> find(ListName name) {
    if (current.isEmpty()) {
      refresh(true);
    }
    return Optional.ofNullable(current.get(name));
  }

  /** The lists that are served, to tell of them. */
  Collection<SignedList> all() {
    return List.copyOf(current.values());
  }

  /**
   * Takes over what others published and, where it must be, makes new lists.
   *
   * @param making whether this process makes lists, and not only serves those of others
   */
  synchronized void refresh(boolean making) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var state = database.read(handle -> ListTable.state(handle, whose));
    load(state);
    if ((making || current.isEmpty()) && isDue(state, now)) {
      make(state, now);
      rest(now);
    }
  }

  /** Lists that take longer than their delay to make take a fifth of the time, and not all. */
  private void rest(Instant begun) {
    var ended = clock.instant();
    var took = Duration.between(begun, ended);
    pause =
        took.compareTo(settings.listDelay()) > 0
            ? ended.plus(took.multipliedBy(RESTING))
            : Instant.MIN;
  }

  private boolean isDue(State state, Instant now) {
    if (state.published() == 0 || !urls(state).equals(state.urls())) {
      return true;
    }
    var old = current.values().stream().anyMatch(list -> isOld(list, now));
    return old || (!now.isBefore(pause) && hasChanged(state));
  }

  private boolean hasChanged(State state) {
    return database.read(
            handle -> RevocationTable.countSince(handle, authority, generation, state.since()))
        != state.counted();
  }

  private boolean isOld(SignedList list, Instant now) {
    // A clock that was set back must not keep a list of the future alive either.
    return !now.isBefore(list.renewal())
        || list.thisUpdate().isAfter(now.plus(LATECOMERS))
        || list.life().compareTo(settings.listLifetime()) > 0;
  }

  private void load(State state) {
    if (state.published() == loaded) {
      return;
    }
    var fresh =
        database.read(
            handle -> {
              var found = new ArrayList<SignedList>();
              ListTable.numbers(handle, whose)
                  .forEach(
                      (name, number) -> {
                        var known = current.get(name);
                        if (known == null || known.number() != number) {
                          ListTable.find(handle, name).ifPresent(found::add);
                        } else {
                          found.add(known);
                        }
                      });
              return found;
            });
    serve(fresh, state.published());
  }

  private void serve(List<SignedList> lists, long published) {
    lists.forEach(list -> current.put(list.name(), list));
    current.keySet().retainAll(lists.stream().map(SignedList::name).toList());
    loaded = published;
  }

  private void make(State before, Instant now) {
    long number = database.write(handle -> ListTable.takeNumber(handle, whose));
    var reading = database.read(handle -> read(handle, before, number, now));
    var lists = new ArrayList<SignedList>();
    var dropped = new ArrayList<ListName>();
    var parts = parts(reading.revoked());
    for (var name : ListName.of(authority, generation)) {
      var part = name.partition();
      var revoked = part == null ? reading.revoked() : parts.get(part.number());
      if (part == null && revoked.size() > ENTRIES_MAX) {
        LOG.atError()
            .addKeyValue("revoked", revoked.size())
            .addKeyValue("most", ENTRIES_MAX)
            .log("too many are revoked for one list; only the lists of parts are published");
        dropped.add(name);
      } else {
        lists.add(kept(name, revoked, reading.state(), number, now));
      }
    }
    var made = lists.stream().filter(list -> list.number() == number).toList();
    if (database.write(handle -> ListTable.keep(handle, whose, reading.state(), made, dropped))) {
      serve(lists, number);
      LOG.atInfo()
          .addKeyValue("authority", whose)
          .addKeyValue("number", number)
          .addKeyValue("lists", made.size())
          .addKeyValue("revoked", reading.revoked().size())
          .log("revocation lists published");
    }
  }

  private Reading read(org.jdbi.v3.core.Handle handle, State before, long number, Instant now) {
    var since = now.minus(LATECOMERS);
    var counted = RevocationTable.countSince(handle, authority, generation, since);
    // Who expired is in one more list made after that (RFC 5280, 3.3).
    var expiry = now.minus(settings.listLifetime());
    var revoked = RevocationTable.revoked(handle, authority, generation, expiry, REVOKED_MAX);
    return new Reading(new State(number, since, counted, urls(before)), revoked);
  }

  /** The configured URL first, then those of before, which certificates name still. */
  private List<String> urls(State state) {
    var url = settings.url();
    if (url == null || (!state.urls().isEmpty() && state.urls().getFirst().equals(url.text()))) {
      return state.urls();
    }
    var urls = new ArrayList<>(state.urls());
    urls.remove(url.text());
    urls.addFirst(url.text());
    return urls.size() > URLS_MAX ? urls.subList(0, URLS_MAX) : urls;
  }

  private static List<List<RevokedCertificate>> parts(List<RevokedCertificate> revoked) {
    var parts = new ArrayList<List<RevokedCertificate>>();
    for (int part = 0; part < CrlPartition.COUNT; part++) {
      parts.add(new ArrayList<>());
    }
    revoked.forEach(one -> parts.get(CrlPartition.of(one.serial()).number()).add(one));
    return parts;
  }

  /** The list that is there, where a new one would say nothing else; else the new one, signed. */
  private SignedList kept(
      ListName name, List<RevokedCertificate> revoked, State state, long number, Instant now) {
    var partNames = partNames(name, state.urls());
    var contents = Contents.hash(partNames, revoked);
    var known = current.get(name);
    if (known != null && known.contents().equals(contents) && !isOld(known, now)) {
      return known;
    }
    var nextUpdate = now.plus(settings.listLifetime());
    var der = signer.sign(new Heading(number, now, nextUpdate, partNames), revoked);
    return new SignedList(name, number, now, nextUpdate, revoked.size(), contents, der);
  }

  private List<String> partNames(ListName name, List<String> urls) {
    var part = name.partition();
    if (part == null) {
      return List.of();
    }
    return urls.isEmpty()
        ? List.of(NO_URL + name.text())
        : urls.stream()
            .map(url -> new io.sallyport.identity.PublicUrl(url).list(generation, part))
            .toList();
  }
}
