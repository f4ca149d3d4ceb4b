package io.sallyport.brokers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.activemq.artemis.core.config.ClusterConnectionConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.HAPolicyConfiguration;
import org.apache.activemq.artemis.core.config.ha.SharedStoreBackupPolicyConfiguration;
import org.apache.activemq.artemis.core.config.ha.SharedStorePrimaryPolicyConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/**
 * Apache Artemis as a program: MQTT on one port, everything that it acknowledges on disk. Two of
 * them over one folder are a cluster: one serves, the other takes over when that one is gone.
 */
public final class ArtemisBroker {
  private ArtemisBroker() {}

  /** Runs until it is killed; prints {@code ready} when it listens, or stands by. */
  public static void main(String[] words) throws Exception {
    var arguments = Arguments.of(words);
    var broker = new EmbeddedActiveMQ();
    broker.setConfiguration(configuration(arguments));
    broker.setSecurityManager(
        new Guard(arguments.optional("password").orElse(null), rules(arguments)));
    broker.start();
    System.out.println("ready");
  }

  private static Rules rules(Arguments arguments) throws IOException {
    var tls = arguments.optional("tls");
    return tls.isPresent() ? Rules.read(Path.of(tls.get()).resolve("acl")) : Rules.none();
  }

  private static Configuration configuration(Arguments arguments) throws Exception {
    var folder = arguments.folder();
    var settings = new AddressSettings().setAutoCreateQueues(true).setAutoCreateAddresses(true);
    var configuration =
        new ConfigurationImpl()
            .setName(arguments.optional("name").orElse("artemis"))
            .setJournalDirectory(folder.resolve("journal").toString())
            .setBindingsDirectory(folder.resolve("bindings").toString())
            .setPagingDirectory(folder.resolve("paging").toString())
            .setLargeMessagesDirectory(folder.resolve("large").toString())
            .setJournalType(JournalType.NIO)
            .setPersistenceEnabled(true)
            .setJMXManagementEnabled(false)
            .setMaxDiskUsage(-1)
            .setSecurityEnabled(true)
            .addAcceptorConfiguration("mqtt", acceptor(arguments));
    configuration.addAddressSetting("#", settings);
    // The guard decides; but an address without a role is not even shown to it.
    configuration.putSecurityRoles(
        "#",
        Set.of(
            new Role(
                "all", true, true, true, true, true, true, true, true, true, true, true, true)));
    if (arguments.optional("role").isPresent()) {
      cluster(configuration, arguments);
    }
    return configuration;
  }

  private static String acceptor(Arguments arguments) {
    var plain = "tcp://127.0.0.1:%d?protocols=MQTT".formatted(arguments.number("port"));
    return arguments
        .optional("tls")
        .map(
            files ->
                plain
                    + ";sslEnabled=true;needClientAuth=true;sslProvider=JDK"
                    + ";keyStoreType=PEM;keyStorePath="
                    + files
                    + "/server.pem"
                    + ";trustStoreType=PEMCA;trustStorePath="
                    + files
                    + "/clients.crt")
        .orElse(plain);
  }

  private static void cluster(Configuration configuration, Arguments arguments) throws Exception {
    configuration
        .addAcceptorConfiguration("core", core(arguments.number("core")))
        .addConnectorConfiguration("own", core(arguments.number("core")))
        .addConnectorConfiguration("peer", core(arguments.number("peer")))
        .setClusterUser("cluster")
        .setClusterPassword(arguments.text("password"))
        .setHAPolicyConfiguration(policy(arguments.text("role")));
    configuration.addClusterConfiguration(
        new ClusterConnectionConfiguration()
            .setName("pair")
            .setConnectorName("own")
            .setStaticConnectors(List.of("peer")));
  }

  private static String core(int port) {
    return "tcp://127.0.0.1:" + port;
  }

  private static HAPolicyConfiguration policy(String role) {
    return role.equals("primary")
        ? new SharedStorePrimaryPolicyConfiguration()
        : new SharedStoreBackupPolicyConfiguration();
  }
}
