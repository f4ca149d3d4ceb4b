package io.sallyport.identity.command;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a signer may give one command.
 *
 * @param channels by which ways
 * @param strict whether only in the order of its numbers; commands that open something always are
 * @param required the arguments that it must have
 * @param optional those that it may have besides
 */
public record CommandRule(
    Set<Channel> channels,
    boolean strict,
    Map<String, ArgumentRule> required,
    Map<String, ArgumentRule> optional) {
  /** Copies what is given. */
  public CommandRule {
    channels = Set.copyOf(channels);
    required = Map.copyOf(required);
    optional = Map.copyOf(optional);
  }

  /** What is wrong with the arguments, if anything is. */
  Optional<String> complaint(Command command) {
    for (var name : required.keySet()) {
      if (!command.arguments().containsKey(name)) {
        return Optional.of("the argument " + name + " is missing");
      }
    }
    for (var argument : command.arguments().entrySet()) {
      var rule = required.get(argument.getKey());
      if (rule == null) {
        rule = optional.get(argument.getKey());
      }
      if (rule == null) {
        return Optional.of("the argument " + argument.getKey() + " is not known");
      }
      if (!rule.allows(argument.getValue())) {
        return Optional.of("the argument " + argument.getKey() + " is out of its bounds");
      }
    }
    return Optional.empty();
  }
}
