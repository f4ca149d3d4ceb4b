package io.sallyport.brokers;

import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** HiveMQ CE as a program: MQTT on one port, sessions and messages in files, one password. */
public final class HiveMqBroker {
  private HiveMqBroker() {}

  /** Runs until it is killed; prints {@code ready} when it listens. */
  public static void main(String[] words) throws IOException {
    var arguments = Arguments.of(words);
    var folder = arguments.folder();
    var conf = Files.createDirectories(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("config.xml"),
        """
        <hivemq>
          <listeners>
            <tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address></tcp-listener>
          </listeners>
          <persistence><mode>file</mode></persistence>
          <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
        </hivemq>
        """
            .formatted(arguments.number("port")));
    var builder =
        EmbeddedHiveMQ.builder()
            .withConfigurationFolder(conf)
            .withDataFolder(Files.createDirectories(folder.resolve("data")))
            .withExtensionsFolder(Files.createDirectories(folder.resolve("extensions")))
            .withEmbeddedExtension(
                EmbeddedExtension.builder()
                    .withId("one-password")
                    .withName("one password")
                    .withVersion("1")
                    .withExtensionMain(new OnePassword(arguments.text("password")))
                    .build());
    var broker = builder.build();
    broker.start().join();
    System.out.println("ready");
  }

  /** Lets in whoever has the password: the gateway, in the name of each of its devices. */
  private record OnePassword(String password) implements ExtensionMain {
    @Override
    public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
      SimpleAuthenticator authenticator = this::connect;
      Services.securityRegistry().setAuthenticatorProvider(_ -> authenticator);
    }

    private void connect(SimpleAuthInput input, SimpleAuthOutput output) {
      var given =
          input
              .getConnectPacket()
              .getPassword()
              .map(bytes -> StandardCharsets.UTF_8.decode(bytes).toString());
      if (given.filter(password::equals).isPresent()) {
        output.authenticateSuccessfully();
      } else {
        output.failAuthentication();
      }
    }

    @Override
    public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}
  }
}
