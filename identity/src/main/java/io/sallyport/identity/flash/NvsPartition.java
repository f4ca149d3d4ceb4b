package io.sallyport.identity.flash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A partition of non-volatile storage of ESP-IDF, format 2 with blobs that may span pages: one
 * namespace, made at once and flashed as a whole. Closing wipes what it was given.
 */
public final class NvsPartition implements AutoCloseable {
  /** The size that ESP-IDF's partition tables use by default. */
  public static final int BYTES_DEFAULT = 0x6000;

  /** Bound: the least that can be written to on the chip. */
  public static final int BYTES_MIN = 0x3000;

  /** Bound: a partition of megabytes is none of credentials. */
  public static final int BYTES_MAX = 0x100000;

  private static final int CHUNK_ANY = 0xff;
  private static final int NAMESPACE_INDEX = 1;
  private static final int TYPE_U8 = 0x01;
  private static final int TYPE_U16 = 0x02;
  private static final int TYPE_STRING = 0x21;
  private static final int TYPE_BLOB_DATA = 0x42;
  private static final int TYPE_BLOB_INDEX = 0x48;

  private final String namespace;
  private final List<NvsItem> items = new ArrayList<>();

  /** What does not fit, and what it would need. */
  public static final class TooSmall extends Exception {
    private static final long serialVersionUID = 1L;
    private final int needed;

    TooSmall(int needed) {
      super("a partition of 0x%x bytes is needed".formatted(needed));
      this.needed = needed;
    }

    /** The least size that is enough. */
    public int needed() {
      return needed;
    }
  }

  /** An empty namespace. */
  public NvsPartition(String namespace) {
    this.namespace = checked(namespace);
  }

  /** A number from 0 to 65535, for {@code nvs_get_u16}. */
  public NvsPartition number(String key, int value) {
    if (value < 0 || value > 0xffff) {
      throw new IllegalArgumentException("not 16 bits: " + value);
    }
    items.add(new NvsItem.Whole(checked(key), value));
    return this;
  }

  /** A text, for {@code nvs_get_str}. */
  public NvsPartition text(String key, String value) {
    if (value.indexOf('\0') >= 0
        || value.getBytes(StandardCharsets.UTF_8).length >= NvsItem.STRING_BYTES_MAX) {
      throw new IllegalArgumentException("not a string of non-volatile storage: " + key);
    }
    items.add(new NvsItem.Text(checked(key), value));
    return this;
  }

  /** Bytes, copied, for {@code nvs_get_blob}. */
  public NvsPartition blob(String key, byte[] value) {
    if (value.length == 0) {
      throw new IllegalArgumentException("an empty blob: " + key);
    }
    items.add(new NvsItem.Blob(checked(key), value.clone()));
    return this;
  }

  private static String checked(String key) {
    if (!NvsItem.KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("not a key of non-volatile storage: '" + key + "'");
    }
    return key;
  }

  /** The image in clear; for the caller to wipe. */
  public byte[] image(int bytes) throws TooSmall {
    requireSize(bytes);
    var pages = new Pages(BYTES_MAX);
    pages.single(NvsItem.entry(0, TYPE_U8, 1, CHUNK_ANY, namespace), NAMESPACE_INDEX, 1);
    items.forEach(pages::write);
    try {
      // One page stays empty: the chip moves entries there when it makes room.
      var needed = Math.max(BYTES_MIN, (pages.count() + 1) * NvsPage.BYTES);
      if (needed > bytes) {
        throw new TooSmall(needed);
      }
      return Arrays.copyOf(pages.image, bytes);
    } finally {
      Arrays.fill(pages.image, (byte) 0);
    }
  }

  /** The same image encrypted; for the caller to flash beside the partition of the keys. */
  public byte[] encrypted(int bytes, NvsKeys keys) throws TooSmall {
    var image = image(bytes);
    var cipher = keys.encrypting();
    for (int page = 0; page < bytes / NvsPage.BYTES; page++) {
      NvsPage.encrypt(image, page, cipher);
    }
    return image;
  }

  private static void requireSize(int bytes) {
    if (bytes < BYTES_MIN || bytes > BYTES_MAX || bytes % NvsPage.BYTES != 0) {
      throw new IllegalArgumentException(
          "a size is 0x%x to 0x%x bytes in steps of 0x%x: 0x%x"
              .formatted(BYTES_MIN, BYTES_MAX, NvsPage.BYTES, bytes));
    }
  }

  @Override
  public void close() {
    for (var item : items) {
      if (item instanceof NvsItem.Blob blob) {
        blob.wipe();
      }
    }
  }

  @Override
  public String toString() {
    return "NvsPartition[" + namespace + "]";
  }

  /** Pages that are filled one after the other. */
  private static final class Pages {
    private final byte[] image;
    private NvsPage page;
    private int count;

    Pages(int bytes) {
      image = NvsPage.blank(bytes);
      page = new NvsPage(image, count++);
    }

    int count() {
      return count;
    }

    void write(NvsItem item) {
      switch (item) {
        case NvsItem.Whole(var key, var value) ->
            single(NvsItem.entry(NAMESPACE_INDEX, TYPE_U16, 1, CHUNK_ANY, key), value, Short.BYTES);
        case NvsItem.Text(var key, var value) -> text(key, value);
        case NvsItem.Blob blob -> blob(blob.key(), blob.value());
      }
    }

    void single(byte[] entry, int value, int bytes) {
      for (int i = 0; i < bytes; i++) {
        entry[24 + i] = (byte) (value >>> (8 * i));
      }
      require(1);
      page.write(entry, new byte[0]);
    }

    private void text(String key, String value) {
      var data = (value + "\0").getBytes(StandardCharsets.UTF_8);
      require(1 + NvsPage.entriesFor(data.length));
      page.write(NvsItem.entry(NAMESPACE_INDEX, TYPE_STRING, CHUNK_ANY, key, data), data);
    }

    /** In as many chunks as pages make of it, then the index that tells how many. */
    private void blob(String key, byte[] value) {
      int chunk = 0;
      for (int from = 0; from < value.length; ) {
        // An entry for the head of the chunk and one for data.
        require(2);
        int room = (page.free() - 1) * NvsPage.ENTRY_BYTES;
        var part = Arrays.copyOfRange(value, from, Math.min(value.length, from + room));
        page.write(NvsItem.entry(NAMESPACE_INDEX, TYPE_BLOB_DATA, chunk, key, part), part);
        Arrays.fill(part, (byte) 0);
        from += part.length;
        chunk++;
      }
      var index = NvsItem.entry(NAMESPACE_INDEX, TYPE_BLOB_INDEX, 1, CHUNK_ANY, key);
      NvsItem.little(index).putInt(24, value.length);
      index[28] = (byte) chunk;
      index[29] = 0;
      require(1);
      page.write(index, new byte[0]);
    }

    /** Begins another page where so many entries do not fit on this one. */
    private void require(int entries) {
      if (page.free() < entries) {
        page.full();
        page = new NvsPage(image, count++);
      }
    }
  }
}
