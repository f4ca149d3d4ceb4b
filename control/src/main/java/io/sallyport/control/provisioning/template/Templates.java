package io.sallyport.control.provisioning.template;

import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.provisioning.template.TemplateAnswer.Deleted;
import io.sallyport.control.provisioning.template.TemplateAnswer.Refused;
import io.sallyport.control.provisioning.template.TemplateAnswer.Shown;
import io.sallyport.control.provisioning.template.TemplateAnswer.Why;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.control.store.Database;
import io.sallyport.identity.Fingerprint;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** The provisioning templates of an installation. */
public final class Templates {
  /** Bound: templates of one installation. */
  public static final long TEMPLATES_MAX = 1_000;

  private static final Pattern NAME = Pattern.compile("[0-9A-Za-z_-]{1,36}");

  private final Database database;
  private final InstantSource clock;

  /** Those of a registry. */
  public Templates(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Puts a template, or another body in the place of one.
   *
   * @param asksHook whether the pre-provisioning hook is asked for each of its devices
   */
  public TemplateAnswer put(String name, String body, boolean asksHook, String actor) {
    if (!NAME.matcher(name).matches()) {
      return new Refused(
          Why.MALFORMED, "malformed-name", "a name is 1 to 36 characters of A-Z a-z 0-9 _ -");
    }
    TemplateBody parsed;
    try {
      parsed = TemplateBody.parse(body);
    } catch (MalformedTemplate e) {
      return new Refused(Why.MALFORMED, "malformed-template", String.valueOf(e.getMessage()));
    }
    var template = new TemplateRecord(name, body, asksHook, actor, clock.instant());
    return database.write(handle -> put(handle, template, parsed));
  }

  private static TemplateAnswer put(Handle handle, TemplateRecord template, TemplateBody parsed) {
    LedgerStore.lock(handle);
    for (var policy : parsed.namedPolicies()) {
      if (AttachedPolicies.newestVersion(handle, policy).isEmpty()) {
        return new Refused(Why.UNKNOWN, "policy-unknown", "no policy '" + policy + "'");
      }
    }
    for (var group : parsed.namedGroups()) {
      if (!GroupTable.exists(handle, group)) {
        return new Refused(Why.UNKNOWN, "group-unknown", "no group '" + group + "'");
      }
    }
    if (TemplateTable.find(handle, template.name()).isEmpty()
        && TemplateTable.count(handle) >= TEMPLATES_MAX) {
      return new Refused(
          Why.CONFLICT, "too-many-templates", "there are " + TEMPLATES_MAX + " templates");
    }
    TemplateTable.put(handle, template);
    var hash = Fingerprint.ofDer(template.body().getBytes(StandardCharsets.UTF_8));
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            template.changedAt(),
            EventType.PROVISIONING_TEMPLATE_PUT,
            template.changedBy(),
            template.name(),
            Map.of("sha256", hash.hex(), "hook", Boolean.toString(template.asksHook()))));
    return new Shown(template);
  }

  /** The template of that name. */
  public Optional<TemplateRecord> find(String name) {
    return database.read(handle -> TemplateTable.find(handle, name));
  }

  /** The next templates after a name. */
  public List<TemplateRecord> page(String after, int limit) {
    return database.read(handle -> TemplateTable.page(handle, after, limit));
  }

  /** Deletes a template that no open claim is bound to. */
  public TemplateAnswer delete(String name, String actor) {
    return database.write(
        handle -> {
          LedgerStore.lock(handle);
          var claim = TemplateTable.openClaim(handle, name);
          if (claim.isPresent()) {
            return new Refused(
                Why.CONFLICT,
                "template-in-use",
                "claim '" + claim.get() + "' is bound to it: end that first");
          }
          if (!TemplateTable.delete(handle, name)) {
            return new Refused(Why.UNKNOWN, "template-unknown", "no template '" + name + "'");
          }
          LedgerStore.append(
              handle,
              SecurityEvent.of(
                  clock.instant(), EventType.PROVISIONING_TEMPLATE_DELETED, actor, name, Map.of()));
          return new Deleted(name);
        });
  }
}
