package io.sallyport.cli.bundle;

import io.sallyport.cli.terminal.Failure;
import io.sallyport.identity.command.CommandName;
import io.sallyport.identity.flash.NvsKeys;
import io.sallyport.identity.flash.NvsPartition;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Images of non-volatile storage for ESP-IDF: encrypted with its key, and in clear for chips whose
 * flash is encrypted as a whole.
 */
final class NvsLayout implements Layout {
  private static final String NAMESPACE = "sallyport";
  private static final String ENCRYPTED = "nvs-encrypted.bin";

  @Override
  public List<BundleFile> files(Credentials credentials) {
    var files = new ArrayList<BundleFile>();
    try (var partition = partition(credentials);
        var keys = NvsKeys.generate()) {
      files.add(BundleFile.secret(ENCRYPTED, partition.encrypted(credentials.nvsSize(), keys)));
      files.add(BundleFile.secret("nvs-keys.bin", keys.partition()));
      files.add(BundleFile.secret("nvs-plain.bin", partition.image(credentials.nvsSize())));
    } catch (NvsPartition.TooSmall e) {
      throw Failure.badInput(
          "the credentials do not fit into 0x%x bytes; give --nvs-size 0x%x or more"
              .formatted(credentials.nvsSize(), e.needed()));
    }
    files.add(BundleFile.open("partitions.csv", table(credentials.nvsSize())));
    return files;
  }

  @Override
  public String mark(Credentials.Owner owner) {
    return ENCRYPTED;
  }

  /** Lines for the partition table of the firmware. */
  private static String table(int size) {
    return """
    # Name,   Type, SubType,  Offset, Size,    Flags
    nvs,      data, nvs,      ,       0x%x,
    nvs_keys, data, nvs_keys, ,       0x%x,  encrypted
    """
        .formatted(size, NvsKeys.PARTITION_BYTES);
  }

  private static NvsPartition partition(Credentials credentials) {
    var partition =
        new NvsPartition(NAMESPACE)
            .text("id", credentials.id())
            .text("host", credentials.gate().host())
            .number("port", credentials.gate().port())
            .blob("pins", pins(credentials.pins()))
            .blob("ca", terminated(Credentials.ascii(credentials.root())))
            .blob("cert", terminated(Credentials.ascii(credentials.chain())));
    var commands = credentials.commands();
    if (commands != null) {
      var names = commands.allowed().stream().map(CommandName::value);
      partition
          .text("cmd-tenant", commands.tenant())
          .text("cmd-allowed", names.collect(Collectors.joining(",")))
          .blob("cmd-key-ids", joined(commands, key -> HexFormat.of().parseHex(key.id().hex())))
          .blob("cmd-keys", joined(commands, CommandTrust.Key::point));
    }
    var key = credentials.key();
    if (key != null) {
      var pem = terminated(key);
      partition.blob("key", pem);
      Arrays.fill(pem, (byte) 0);
    }
    return partition;
  }

  /** As mbedTLS takes PEM: with a zero at the end. */
  private static byte[] terminated(byte[] text) {
    return Arrays.copyOf(text, text.length + 1);
  }

  private static byte[] joined(CommandTrust commands, Function<CommandTrust.Key, byte[]> bytesOf) {
    var bytes = new ByteArrayOutputStream();
    commands.keys().forEach(key -> bytes.writeBytes(bytesOf.apply(key)));
    return bytes.toByteArray();
  }

  private static byte[] pins(List<Gate.Pin> pins) {
    var bytes = new ByteArrayOutputStream();
    pins.forEach(pin -> bytes.writeBytes(HexFormat.of().parseHex(pin.key().hex())));
    return bytes.toByteArray();
  }
}
