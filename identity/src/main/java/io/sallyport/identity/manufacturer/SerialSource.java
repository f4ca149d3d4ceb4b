package io.sallyport.identity.manufacturer;

import java.util.Arrays;
import java.util.Optional;

/** Where a manufacturer's certificates have a device's serial number. */
public enum SerialSource {
  /** The subject's serialNumber attribute (IEEE 802.1AR, 8.6). */
  SERIAL_NUMBER("serialNumber"),
  /** The subject's common name. */
  COMMON_NAME("cn"),
  /** The alternative name of RFC 4108, 5: the octets of hwSerialNum, in hexadecimal. */
  HARDWARE_MODULE("hardwareModuleName");

  private final String word;

  SerialSource(String word) {
    this.word = word;
  }

  /** Its word on the command line and in JSON. */
  public String word() {
    return word;
  }

  /** The one of that word. */
  public static Optional<SerialSource> of(String word) {
    return Arrays.stream(values()).filter(source -> source.word.equals(word)).findFirst();
  }
}
