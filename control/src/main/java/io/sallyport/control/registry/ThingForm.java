package io.sallyport.control.registry;

import io.sallyport.policy.condition.Operand;
import io.sallyport.policy.condition.Operator;
import java.util.Map;
import java.util.regex.Pattern;

/** Which thing types, attributes, tags and firmware versions the registry takes. */
public final class ThingForm {
  /** Bound: attributes of one principal, as of a thing of AWS IoT. */
  public static final int ATTRIBUTES_MAX = 50;

  /** Bound: tags of one principal, as of a resource of AWS. */
  public static final int TAGS_MAX = 50;

  /** What a thing type is. */
  public static final String THING_TYPE_IS =
      "a thing type is 1 to 128 characters of A-Z a-z 0-9 : _ -";

  /** What attributes are. */
  public static final String ATTRIBUTES_ARE =
      "attributes are at most 50, names 1 to 128 and values 0 to 800 characters"
          + " of A-Z a-z 0-9 _ . , @ / : # -";

  /** What tags are. */
  public static final String TAGS_ARE =
      "tags are at most 50, names 1 to 128 characters of A-Z a-z 0-9 _ . , @ / : # = + -,"
          + " values 0 to 256 letters, digits, spaces or _ . , @ / : # = + -";

  /** What a firmware version is. */
  public static final String FIRMWARE_VERSION_IS =
      "a firmware version is one to six numbers with dots between them and perhaps a pre-release"
          + " and a build, such as 1.4.2 or 2.0.0-rc.1+77";

  private static final Pattern ATTRIBUTE_NAME = Pattern.compile("[a-zA-Z0-9_.,@/:#-]{1,128}");
  private static final Pattern ATTRIBUTE_VALUE = Pattern.compile("[a-zA-Z0-9_.,@/:#-]{0,800}");
  private static final Pattern THING_TYPE = Pattern.compile("[a-zA-Z0-9:_-]{0,128}");
  // The names that the condition key sallyport:DeviceTag/<name> can ask for.
  private static final Pattern TAG_NAME = Pattern.compile("[A-Za-z0-9_.,@/:#=+-]{1,128}");
  private static final Pattern TAG_VALUE = Pattern.compile("[\\p{L}\\p{N} _.,@/:#=+-]{0,256}");

  private ThingForm() {}

  /** Whether it is a thing type; the empty one is none. */
  public static boolean isThingType(String type) {
    return THING_TYPE.matcher(type).matches();
  }

  /** Whether they can be the attributes of a thing. */
  public static boolean areAttributes(Map<String, String> attributes) {
    return areAll(attributes, ATTRIBUTES_MAX, ATTRIBUTE_NAME, ATTRIBUTE_VALUE);
  }

  /** Whether they can be the tags of a device. */
  public static boolean areTags(Map<String, String> tags) {
    return areAll(tags, TAGS_MAX, TAG_NAME, TAG_VALUE);
  }

  /** Whether conditions can compare it as a version. */
  public static boolean isFirmwareVersion(String text) {
    return Operand.parse(Operator.VERSION_EQUALS, text).isPresent();
  }

  private static boolean areAll(Map<String, String> pairs, int max, Pattern names, Pattern values) {
    return pairs.size() <= max
        && pairs.entrySet().stream()
            .allMatch(
                pair ->
                    names.matcher(pair.getKey()).matches()
                        && values.matcher(pair.getValue()).matches());
  }
}
