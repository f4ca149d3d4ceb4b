package io.sallyport.identity.flash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads an image as the chip does, and refuses whatever the chip would: written from the format's
 * description, not from the writer.
 */
final class NvsImage {
  private final byte[] image;
  private final ByteBuffer buffer;
  private final Map<Integer, String> namespaces = new HashMap<>();
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, List<byte[]>> chunks = new HashMap<>();
  private final List<Integer> states = new ArrayList<>();

  private NvsImage(byte[] image) {
    this.image = image;
    buffer = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
  }

  static NvsImage read(byte[] image) throws MalformedNvs {
    var read = new NvsImage(image);
    for (int page = 0; page < image.length / 4096; page++) {
      read.page(page);
    }
    require(read.chunks.isEmpty(), "chunks without an index: " + read.chunks.keySet());
    return read;
  }

  /** Decrypts every entry that the bitmap says is written. */
  static byte[] decrypted(byte[] encrypted, byte[] keyPartition) throws MalformedNvs {
    var image = encrypted.clone();
    try (var keys = NvsKeys.read(keyPartition)) {
      var cipher = keys.decrypting();
      for (int at = 0; at < image.length; at += 32) {
        int inPage = at % 4096;
        if (inPage >= 64 && (image[at - inPage] != -1) && written(image, at)) {
          cipher.process(image, at, 32, at);
        }
      }
    }
    return image;
  }

  private static boolean written(byte[] image, int at) {
    int bit = (at % 4096 - 64) / 32 * 2;
    return (image[at / 4096 * 4096 + 32 + bit / 8] >> (bit % 8) & 3) == 2;
  }

  /** Values by namespace and key. */
  Map<String, Object> values() {
    return values;
  }

  /** The states of the pages, in their order. */
  List<Integer> states() {
    return states;
  }

  private void page(int number) throws MalformedNvs {
    int start = number * 4096;
    states.add(buffer.getInt(start));
    if (buffer.getInt(start) == -1) {
      require(allOnes(start, 4096), "an empty page with something in it");
      return;
    }
    require(buffer.getInt(start + 4) == number, "a page out of order");
    require((image[start + 8] & 0xff) == 0xfe, "not version 2");
    require(crc(start + 4, 24) == buffer.getInt(start + 28), "checksum of a page");
    for (int i = 0; i < 126; ) {
      int at = start + 64 + 32 * i;
      if (!written(image, at)) {
        require(allOnes(at, 32), "an empty entry with something in it");
        i++;
        continue;
      }
      int span = image[at + 2] & 0xff;
      require(span >= 1 && i + span <= 126, "an entry that leaves its page");
      entry(at, span);
      i += span;
    }
  }

  private void entry(int at, int span) throws MalformedNvs {
    var sum = new byte[28];
    System.arraycopy(image, at, sum, 0, 4);
    System.arraycopy(image, at + 8, sum, 4, 24);
    require(reference(sum) == buffer.getInt(at + 4), "checksum of an entry");
    var key = new String(image, at + 8, 16, StandardCharsets.US_ASCII).replace("\0", "");
    int namespace = image[at] & 0xff;
    int type = image[at + 1] & 0xff;
    if (namespace == 0) {
      require(type == 1, "a namespace that is no number");
      namespaces.put(image[at + 24] & 0xff, key);
      return;
    }
    var name = namespaces.get(namespace) + "." + key;
    switch (type) {
      case 0x02 -> put(name, buffer.getShort(at + 24) & 0xffff);
      case 0x21 -> put(name, text(data(at, span)));
      case 0x42 -> {
        var list = chunks.computeIfAbsent(name, _ -> new ArrayList<>());
        require((image[at + 3] & 0xff) == list.size(), "a chunk out of order");
        list.add(data(at, span));
      }
      case 0x48 -> put(name, blob(at, name));
      default -> throw new MalformedNvs("type " + type);
    }
  }

  private void put(String name, Object value) throws MalformedNvs {
    require(values.put(name, value) == null, "twice: " + name);
  }

  private byte[] data(int at, int span) throws MalformedNvs {
    int size = buffer.getShort(at + 24) & 0xffff;
    require(span == 1 + (size + 31) / 32, "a span that is not that of its data");
    var data = Arrays.copyOfRange(image, at + 32, at + 32 + size);
    require(reference(data) == buffer.getInt(at + 28), "checksum of data");
    return data;
  }

  private static String text(byte[] data) throws MalformedNvs {
    require(data[data.length - 1] == 0, "a string without its end");
    return new String(data, 0, data.length - 1, StandardCharsets.UTF_8);
  }

  private byte[] blob(int at, String name) throws MalformedNvs {
    var parts = chunks.remove(name);
    if (parts == null || parts.size() != (image[at + 28] & 0xff)) {
      throw new MalformedNvs("chunks are missing");
    }
    var whole = new java.io.ByteArrayOutputStream();
    parts.forEach(whole::writeBytes);
    require(whole.size() == buffer.getInt(at + 24), "a blob of another size");
    return whole.toByteArray();
  }

  private boolean allOnes(int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (image[i] != -1) {
        return false;
      }
    }
    return true;
  }

  private int crc(int at, int length) {
    return reference(Arrays.copyOfRange(image, at, at + length));
  }

  /** Bit by bit, as the polynomial is written: the register begins at zero. */
  private static int reference(byte[] bytes) {
    int register = 0;
    for (byte one : bytes) {
      register ^= one & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        register = register >>> 1 ^ (0xedb88320 & -(register & 1));
      }
    }
    return ~register;
  }

  private static void require(boolean holds, String what) throws MalformedNvs {
    if (!holds) {
      throw new MalformedNvs(what);
    }
  }
}
