package io.sallyport.control.observation;

import io.sallyport.control.policies.FleetAnalysis;
import io.sallyport.control.registry.AttachedPolicies;
import io.sallyport.control.registry.GroupTable;
import io.sallyport.control.registry.PolicyBound;
import io.sallyport.control.registry.Scope;
import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.analysis.PolicyClass;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What is attached to a scope itself. */
sealed interface Attachments {
  static Attachments of(Scope scope) {
    return switch (scope.kind()) {
      case PRINCIPAL -> new OfPrincipal(new PrincipalId(scope.name()));
      case GROUP -> new OfGroup(scope.name());
    };
  }

  List<String> names(Handle handle);

  void attach(Handle handle, String policy);

  void detach(Handle handle, String policy);

  /** Says who has too many policies now, if anybody does. */
  Optional<String> overfull(Handle handle);

  /** The classes of those whom it concerns. */
  List<PolicyClass> classes(Handle handle);

  /** One device or backend. */
  record OfPrincipal(PrincipalId id) implements Attachments {
    @Override
    public List<String> names(Handle handle) {
      return AttachedPolicies.namesOf(handle, id);
    }

    @Override
    public void attach(Handle handle, String policy) {
      AttachedPolicies.attach(handle, policy, id);
    }

    @Override
    public void detach(Handle handle, String policy) {
      AttachedPolicies.detach(handle, policy, id);
    }

    @Override
    public Optional<String> overfull(Handle handle) {
      return PolicyBound.isPassed(handle, id, List.of())
          ? Optional.of(PolicyBound.sentence(id.value()))
          : Optional.empty();
    }

    @Override
    public List<PolicyClass> classes(Handle handle) {
      return FleetAnalysis.classOf(handle, id.value());
    }
  }

  /** One group. */
  record OfGroup(String name) implements Attachments {
    @Override
    public List<String> names(Handle handle) {
      return GroupTable.policiesOf(handle, name);
    }

    @Override
    public void attach(Handle handle, String policy) {
      GroupTable.attach(handle, policy, name);
    }

    @Override
    public void detach(Handle handle, String policy) {
      GroupTable.detach(handle, policy, name);
    }

    @Override
    public Optional<String> overfull(Handle handle) {
      return PolicyBound.passedBy(handle, name).map(PolicyBound::sentence);
    }

    @Override
    public List<PolicyClass> classes(Handle handle) {
      return FleetAnalysis.classesOfGroup(handle, name);
    }
  }
}
