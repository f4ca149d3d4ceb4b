package io.sallyport.agent;

import io.sallyport.agent.mqtt.Ending;
import io.sallyport.identity.rotation.device.DeviceRules;
import java.time.Duration;

/**
 * How long a device waits for its server.
 *
 * @param rules the waits of a device whose server is away
 * @param refusedTimes how many times as long it waits if the server refuses it, or is not the right
 *     one: asking soon changes nothing then
 * @param refusedMax the longest of those waits
 */
public record Patience(DeviceRules rules, int refusedTimes, Duration refusedMax) {
  /** A minute to an hour where a device is refused. */
  public static final Patience USUAL = new Patience(DeviceRules.USUAL, 60, Duration.ofHours(1));

  /** A wait, given how the last attempt ended. */
  Duration stretched(Duration wait, Ending last) {
    return switch (last) {
      case Ending.Lost _, Ending.Closed _ -> wait;
      case Ending.Refused _, Ending.Untrusted _ -> {
        var longer = wait.multipliedBy(refusedTimes);
        yield longer.compareTo(refusedMax) > 0 ? refusedMax : longer;
      }
    };
  }
}
