package io.sallyport.control.registry;

import io.sallyport.policy.MalformedPolicy;
import io.sallyport.policy.PolicyDocument;
import io.sallyport.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/**
 * The newest version of every policy, parsed once, and to whom it is attached. Principals with the
 * same policies share the same list, so that a fleet costs one parse and not a million.
 */
public final class AttachedPolicies {
  // Bound: one entry per policy, replaced when its version grows.
  private final Map<String, PolicyVersion> newest = new ConcurrentHashMap<>();

  /** The newest version of a policy. */
  public Optional<PolicyVersion> newest(Handle handle, String name) {
    return handle
        .createQuery("select version from policy where name = :name")
        .bind("name", name)
        .mapTo(Integer.class)
        .findOne()
        .map(version -> load(handle, name, version));
  }

  Map<String, List<PolicyVersion>> ofAll(Handle handle, List<String> ids) {
    var attached = new HashMap<String, List<String>>();
    handle
        .createQuery(
            "select principal, policy from attachment where principal in (<ids>) order by policy")
        .bindList("ids", ids)
        .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(
            entry ->
                attached
                    .computeIfAbsent(entry.getKey(), _ -> new ArrayList<>())
                    .add(entry.getValue()));
    var shared = new HashMap<List<String>, List<PolicyVersion>>();
    var versions = new HashMap<String, List<PolicyVersion>>();
    attached.forEach(
        (principal, names) ->
            versions.put(principal, shared.computeIfAbsent(names, _ -> all(handle, names))));
    return versions;
  }

  private List<PolicyVersion> all(Handle handle, List<String> names) {
    return names.stream().map(name -> newest(handle, name).orElseThrow()).toList();
  }

  private PolicyVersion load(Handle handle, String name, int version) {
    var known = newest.get(name);
    if (known != null && known.version() == version) {
      return known;
    }
    var text =
        handle
            .createQuery(
                "select document from policy_version where name = :name and version = :version")
            .bind("name", name)
            .bind("version", version)
            .mapTo(String.class)
            .one();
    try {
      var parsed = new PolicyVersion(name, version, PolicyDocument.parse(text));
      newest.put(name, parsed);
      return parsed;
    } catch (MalformedPolicy e) {
      // Fail closed: nobody is let in under a policy that this program cannot read.
      throw new StoredPolicyUnreadable(name, version, e);
    }
  }
}
