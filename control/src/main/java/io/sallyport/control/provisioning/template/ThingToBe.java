package io.sallyport.control.provisioning.template;

import java.util.List;
import java.util.Map;

/**
 * What a template makes of parameters; whether the registry takes it is not known yet.
 *
 * @param name the thing's name: its principal's id
 * @param type the thing type, empty for none
 * @param configuration what the device is told of its configuration
 */
public record ThingToBe(
    String name,
    Map<String, String> attributes,
    String type,
    List<String> groups,
    List<String> policies,
    Map<String, String> configuration) {
  public ThingToBe {
    attributes = Map.copyOf(attributes);
    groups = List.copyOf(groups);
    policies = List.copyOf(policies);
    configuration = Map.copyOf(configuration);
  }
}
