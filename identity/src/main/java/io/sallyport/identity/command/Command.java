package io.sallyport.identity.command;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.cose.CborValue;
import io.sallyport.identity.cose.CborValue.Bytes;
import io.sallyport.identity.cose.CborValue.Members;
import io.sallyport.identity.cose.CborValue.Text;
import io.sallyport.identity.cose.CborValue.Whole;
import io.sallyport.identity.cose.Labels;
import io.sallyport.identity.cose.MalformedCbor;
import io.sallyport.identity.cose.StrictCbor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one device is told to do.
 *
 * @param id its name
 * @param device who is told
 * @param sequence its number among those of one signer to one device, 0 to 2^48-1
 * @param issued since when it holds, in whole seconds
 * @param expires until when it is to be done, in whole seconds
 * @param name what is to be done
 * @param arguments how; by names of 1 to 64 bytes, at most 32
 * @param policyEpoch the version of the device's rights when it was signed; a device may remember
 *     it, and nothing is decided by it here
 * @param challenge what the device asked for, if it has no clock
 */
public record Command(
    CommandId id,
    PrincipalId device,
    long sequence,
    Instant issued,
    Instant expires,
    CommandName name,
    Map<String, CborValue> arguments,
    long policyEpoch,
    @Nullable Challenge challenge) {
  /** Bound: arguments of one command. */
  public static final int ARGUMENTS_MAX = 32;

  /** Bound: bytes of an argument's name. */
  public static final int ARGUMENT_NAME_MAX = 64;

  // Of any date that a device's library can say: 31 December 9999.
  private static final long SECONDS_MAX = 253_402_300_799L;

  private static final int ID = 1;
  private static final int DEVICE = 2;
  private static final int SEQUENCE = 3;
  private static final int ISSUED = 4;
  private static final int EXPIRES = 5;
  private static final int NAME = 6;
  private static final int ARGUMENTS = 7;
  private static final int POLICY_EPOCH = 8;
  private static final int CHALLENGE = 9;

  /** Refuses, with {@link IllegalArgumentException}, what no device may be told. */
  public Command {
    arguments = Map.copyOf(arguments);
    if (sequence < 0 || policyEpoch < 0) {
      throw new IllegalArgumentException("a sequence number or an epoch is not negative");
    }
    if (!isTime(issued) || !isTime(expires) || !expires.isAfter(issued)) {
      throw new IllegalArgumentException(
          "a command holds for whole seconds of the years 1970 to 9999, and for one at least");
    }
    if (arguments.size() > ARGUMENTS_MAX) {
      throw new IllegalArgumentException(
          "a command has at most " + ARGUMENTS_MAX + " arguments, not " + arguments.size());
    }
    for (var argument : arguments.keySet()) {
      int length = argument.getBytes(StandardCharsets.UTF_8).length;
      if (length == 0 || length > ARGUMENT_NAME_MAX) {
        throw new IllegalArgumentException(
            "an argument's name has 1 to " + ARGUMENT_NAME_MAX + " bytes, not " + length);
      }
    }
  }

  private static boolean isTime(Instant time) {
    return time.getNano() == 0
        && time.getEpochSecond() >= 0
        && time.getEpochSecond() <= SECONDS_MAX;
  }

  byte[] payload() {
    var members = new TreeMap<Integer, CborValue>();
    members.put(ID, new Bytes(id.bytes()));
    members.put(DEVICE, new Text(device.value()));
    members.put(SEQUENCE, new Whole(sequence));
    members.put(ISSUED, new Whole(issued.getEpochSecond()));
    members.put(EXPIRES, new Whole(expires.getEpochSecond()));
    members.put(NAME, new Text(name.value()));
    var named = new TreeMap<String, CborValue>(arguments);
    members.put(ARGUMENTS, Labels.texts(named));
    members.put(POLICY_EPOCH, new Whole(policyEpoch));
    if (challenge != null) {
      members.put(CHALLENGE, new Bytes(challenge.bytes()));
    }
    return StrictCbor.write(Labels.numbers(members));
  }

  static Command of(CborValue payload) throws MalformedCbor {
    var labels = Labels.of(payload, "the payload");
    try {
      var command =
          new Command(
              CommandId.of(labels.bytes(ID)),
              new PrincipalId(labels.text(DEVICE)),
              labels.number(SEQUENCE),
              Instant.ofEpochSecond(labels.number(ISSUED)),
              Instant.ofEpochSecond(labels.number(EXPIRES)),
              new CommandName(labels.text(NAME)),
              labels.texts(ARGUMENTS),
              labels.number(POLICY_EPOCH),
              labels.has(CHALLENGE) ? Challenge.of(labels.bytes(CHALLENGE)) : null);
      labels.requireNoOther();
      return command;
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new MalformedCbor("the payload is no command: " + e.getMessage());
    }
  }

  /** The arguments as one value. */
  public Members argumentMap() {
    return Labels.texts(arguments);
  }
}
