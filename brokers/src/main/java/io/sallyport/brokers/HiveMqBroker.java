package io.sallyport.brokers;

import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/**
 * HiveMQ CE as a program: MQTT on one port, sessions and messages in files. It is plain for who has
 * one password, or, told {@code tls=FOLDER}, mutual TLS with the rules of the list there.
 */
public final class HiveMqBroker {
  /** As in every measurement: so high that all brokers do the same work. */
  private static final String HIGH_LIMITS =
      """
        <mqtt>
          <queued-messages><max-queue-size>1000000</max-queue-size></queued-messages>
          <receive-maximum>
            <server-receive-maximum>65535</server-receive-maximum>
          </receive-maximum>
        </mqtt>
      """;

  private HiveMqBroker() {}

  /** Runs until it is killed; prints {@code ready} when it listens. */
  public static void main(String[] words) throws IOException, GeneralSecurityException {
    var arguments = Arguments.of(words);
    var folder = arguments.folder();
    var conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(conf.resolve("config.xml"), configuration(arguments));
    var builder =
        EmbeddedHiveMQ.builder()
            .withConfigurationFolder(conf)
            .withDataFolder(Files.createDirectories(folder.resolve("data")))
            .withExtensionsFolder(Files.createDirectories(folder.resolve("extensions")))
            .withEmbeddedExtension(
                EmbeddedExtension.builder()
                    .withId("door")
                    .withName("door")
                    .withVersion("1")
                    .withExtensionMain(door(arguments))
                    .build());
    var broker = builder.build();
    broker.start().join();
    System.out.println("ready");
  }

  private static HiveMqDoor door(Arguments arguments) throws IOException {
    var tls = arguments.optional("tls");
    return tls.isPresent()
        ? new HiveMqDoor(null, Rules.read(Path.of(tls.get()).resolve("acl")))
        : new HiveMqDoor(arguments.text("password"), Rules.none());
  }

  private static String configuration(Arguments arguments)
      throws IOException, GeneralSecurityException {
    var tls = arguments.optional("tls");
    return """
    <hivemq>
      <listeners>
    %s
      </listeners>
    %s
      <persistence><mode>file</mode></persistence>
      <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
    </hivemq>
    """
        .formatted(
            tls.isPresent()
                ? mutualTls(arguments.number("port"), Path.of(tls.get()))
                : plain(arguments.number("port")),
            tls.isPresent() ? HIGH_LIMITS : "");
  }

  private static String plain(int port) {
    return """
        <tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address></tcp-listener>
    """
        .formatted(port);
  }

  private static String mutualTls(int port, Path folder)
      throws IOException, GeneralSecurityException {
    return """
        <tls-tcp-listener>
          <port>%d</port>
          <bind-address>127.0.0.1</bind-address>
          <tls>
            <protocols><protocol>TLSv1.3</protocol></protocols>
            <cipher-suites><cipher-suite>TLS_AES_128_GCM_SHA256</cipher-suite></cipher-suites>
            <keystore>
              <path>%s</path>
              <password>%s</password>
              <private-key-password>%s</private-key-password>
            </keystore>
            <truststore><path>%s</path><password>%s</password></truststore>
            <client-authentication-mode>REQUIRED</client-authentication-mode>
          </tls>
        </tls-tcp-listener>
    """
        .formatted(
            port,
            Certificates.keyStore(folder),
            Certificates.PASSWORD,
            Certificates.PASSWORD,
            Certificates.trustStore(folder),
            Certificates.PASSWORD);
  }
}
