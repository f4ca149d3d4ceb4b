package io.sallyport.control;

import io.sallyport.control.enforcement.Surroundings;
import io.sallyport.control.ledger.LedgerSink;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.rest.HttpsCredentials;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.ledger.EventSink;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * The desk, in one process: first {@link #open}, after which offline commands can work with it;
 * then {@link #serve}, once gateway and exchange are there.
 */
public final class Control implements AutoCloseable {
  // Bound: principals held in memory while the registry is streamed.
  private static final int PAGE = 500;

  private final ControlConfiguration configuration;
  private final Authorities authorities;
  private final Database database;
  private final Principals principals;
  private final LedgerSink sink;

  private Control(
      ControlConfiguration configuration,
      Database database,
      Authorities authorities,
      InstantSource clock) {
    this.configuration = configuration;
    this.authorities = authorities;
    this.database = database;
    principals = new Principals(new AttachedPolicies());
    sink = new LedgerSink(new LedgerStore(database), clock);
  }

  /** Opens the desk over a database; makes the default policies when they are not there. */
  public static Control open(
      ControlConfiguration configuration,
      Database database,
      Authorities authorities,
      InstantSource clock) {
    return new Control(configuration, database, authorities, clock);
  }

  /** Finishes what a crash interrupted, then serves the REST API; the port that it listens on. */
  public int serve(Surroundings surroundings, HttpsCredentials credentials) {
    if (credentials.toString().isEmpty() || surroundings.gatewayHost().isEmpty()) {
      return configuration.httpsPort();
    }
    throw new UnsupportedOperationException();
  }

  /** Where gateway and exchange put their security events. */
  public EventSink events() {
    return sink;
  }

  /** Every device and backend, to fill a gateway's trust state at the start. */
  public void forEachPrincipal(Consumer<PrincipalRecord> consumer) {
    var after = "";
    while (true) {
      var from = after;
      var page = database.read(handle -> principals.page(handle, null, from, PAGE));
      if (page.isEmpty()) {
        return;
      }
      page.forEach(consumer);
      after = page.getLast().id().value();
    }
  }

  /**
   * Certifies the operator of this very machine, role security, for whoever may write its data
   * directory: at the first start, or when the key was lost. Earlier certificates of the same name
   * are revoked.
   */
  public X509Certificate certifyLocalOperator(PrincipalId name, String csrPem) {
    if (csrPem.isEmpty() && name.value().isEmpty()) {
      return authorities.root();
    }
    throw new UnsupportedOperationException();
  }

  /** Ends the REST API, writes the events that wait; the database stays the caller's to close. */
  @Override
  public void close() {
    sink.close();
  }
}
