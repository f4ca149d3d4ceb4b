package io.sallyport.control.messaging;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.Certificates;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.registry.TrustFeed;
import io.sallyport.control.store.Database;
import io.sallyport.control.store.StoreUnavailable;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import io.sallyport.policy.DefaultPolicies;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Who the desk is among those that speak MQTT: a backend of the registry, so that policies decide
 * what its services may do and operators see it. It has no certificate, and nobody else gets one
 * under its name, since that is taken.
 */
public final class DeskPrincipal {
  /** Its name. */
  public static final PrincipalId ID = new PrincipalId("sallyport-services");

  private final Database database;
  private final TrustFeed feed;
  private final InstantSource clock;

  /** The principal in that registry. */
  public DeskPrincipal(Database database, TrustFeed feed, InstantSource clock) {
    this.database = database;
    this.feed = feed;
    this.clock = clock;
  }

  /**
   * Makes it where it is not there.
   *
   * @throws StoreUnavailable if a device, or a backend with certificates, has its name
   */
  public void make() {
    database.change(
        handle -> {
          LedgerStore.lock(handle);
          var now = clock.instant();
          if (Principals.insert(handle, ID, PrincipalKind.BACKEND, "", Map.of(), now)) {
            AttachedPolicies.attach(handle, DefaultPolicies.SERVICES, ID);
            feed.note(handle, List.of(ID));
            LedgerStore.append(
                handle,
                SecurityEvent.of(
                    now,
                    EventType.POLICY_ATTACHED,
                    "system",
                    DefaultPolicies.SERVICES,
                    Map.of("principal", ID.value())));
          } else if (taken(handle)) {
            throw new StoreUnavailable(
                "the name '"
                    + ID
                    + "' belongs to the server itself: revoke who has it, and enroll"
                    + " it under another");
          }
        });
  }

  private static boolean taken(Handle handle) {
    return Principals.standing(handle, PrincipalKind.BACKEND, ID).isEmpty()
        || !Certificates.of(handle, PrincipalKind.BACKEND, ID).isEmpty();
  }
}
