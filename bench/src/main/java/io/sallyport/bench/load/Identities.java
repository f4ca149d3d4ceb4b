package io.sallyport.bench.load;

/** How the generated fleet is named, and the topics that follow from the names. */
public final class Identities {
  private Identities() {}

  public static String device(int number) {
    return "bench-device-" + number;
  }

  public static String backend(int number) {
    return "bench-backend-" + number;
  }

  static String telemetry(String device) {
    return "devices/" + device + "/telemetry";
  }

  static String events(String device) {
    return "devices/" + device + "/events/siege";
  }

  static String commands(String device) {
    return "devices/" + device + "/commands";
  }
}
