package io.sallyport.gateway.mqtt;

/** The character strings of MQTT: well-formed UTF-8 without U+0000 (MQTT 5, 1.5.4). */
final class Utf8 {
  private Utf8() {}

  /** Refuses what is not a string of MQTT. */
  static byte[] checked(byte[] text) throws MalformedPacket {
    int i = 0;
    while (i < text.length) {
      int b = text[i];
      if (b > 0) {
        i++;
      } else {
        i += sequence(text, i);
      }
    }
    return text;
  }

  /** The length of the multi-byte sequence at an index, which must be well formed. */
  private static int sequence(byte[] text, int at) throws MalformedPacket {
    int first = text[at] & 0xFF;
    int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > text.length) {
      throw MalformedPacket.malformed("string is not UTF-8");
    }
    int second = text[at + 1] & 0xFF;
    // Unicode 3.9, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
    int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    boolean wellFormed = second >= low && second <= high;
    for (int i = 2; i < length; i++) {
      wellFormed &= (text[at + i] & 0xC0) == 0x80;
    }
    if (!wellFormed) {
      throw MalformedPacket.malformed("string is not UTF-8");
    }
    return length;
  }
}
