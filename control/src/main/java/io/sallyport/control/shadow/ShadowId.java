package io.sallyport.control.shadow;

import io.sallyport.identity.PrincipalId;
import java.util.regex.Pattern;

/**
 * Which shadow of which thing.
 *
 * @param name of a named shadow; empty for the classic one
 */
public record ShadowId(PrincipalId thing, String name) {
  /** The name of the classic shadow. */
  public static final String CLASSIC = "";

  /** What a shadow's name is, for people. */
  public static final String NAME_IS =
      "a shadow's name is 1 to 64 characters of A-Z a-z 0-9 : _ - and, of those with a $, only"
          + " $package";

  // AWS IoT: a name has [$a-zA-Z0-9:_-]{1,64}; those with a $ in front are services'.
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,64}|\\$package");

  public ShadowId {
    if (!isName(name)) {
      throw new IllegalArgumentException(NAME_IS);
    }
  }

  /** The classic shadow of a thing. */
  public static ShadowId classic(PrincipalId thing) {
    return new ShadowId(thing, CLASSIC);
  }

  /** Whether a shadow may have that name. */
  public static boolean isName(String name) {
    return name.equals(CLASSIC) || NAME.matcher(name).matches();
  }

  /** What its topics begin with. */
  String topic() {
    return "$aws/things/"
        + thing.value()
        + "/shadow"
        + (name.equals(CLASSIC) ? "" : "/name/" + name);
  }

  /** As AWS IoT names it in its messages. */
  @Override
  public String toString() {
    return name.equals(CLASSIC) ? thing.value() : thing.value() + "~" + name;
  }
}
