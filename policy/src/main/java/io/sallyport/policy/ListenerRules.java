package io.sallyport.policy;

/**
 * What a listener means to decisions.
 *
 * @param name what {@code sallyport:ListenerName} says of it
 * @param mode how its sessions read policies
 * @param subscribe what it takes there to be granted a filter
 */
public record ListenerRules(String name, Mode mode, SubscribeRule subscribe) {
  /** Of the one listener that there is if nothing is configured. */
  public static final ListenerRules DEFAULT =
      new ListenerRules("mqtt", Mode.STRICT, SubscribeRule.INCLUSIVE);
}
