package io.sallyport.brokers;

import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission.MqttActivity;
import com.hivemq.extension.sdk.api.client.parameter.ClientTlsInformation;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in at HiveMQ: whoever has the password, as the gateway in the name of each of its
 * devices, and whoever shows a certificate, with the rights that the rules give its name.
 */
record HiveMqDoor(@Nullable String password, Rules rules) implements ExtensionMain {
  @Override
  public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
    SimpleAuthenticator authenticator = this::connect;
    Services.securityRegistry().setAuthenticatorProvider(_ -> authenticator);
  }

  private void connect(SimpleAuthInput input, SimpleAuthOutput output) {
    var shown =
        input
            .getConnectionInformation()
            .getClientTlsInformation()
            .flatMap(ClientTlsInformation::getClientCertificate);
    if (shown.isPresent()) {
      permit(Certificates.commonName(shown.get().getSubjectX500Principal()), output);
      output.authenticateSuccessfully();
    } else if (hasPassword(input)) {
      output.authenticateSuccessfully();
    } else {
      output.failAuthentication();
    }
  }

  private boolean hasPassword(SimpleAuthInput input) {
    return password != null
        && input
            .getConnectPacket()
            .getPassword()
            .map(bytes -> StandardCharsets.UTF_8.decode(bytes).toString())
            .filter(password::equals)
            .isPresent();
  }

  private void permit(String id, SimpleAuthOutput output) {
    var permissions = output.getDefaultPermissions();
    permissions.setDefaultBehaviour(DefaultAuthorizationBehaviour.DENY);
    rules.of(id).map(HiveMqDoor::permission).forEach(permissions::add);
  }

  private static TopicPermission permission(Rules.Right right) {
    return Builders.topicPermission()
        .topicFilter(right.filter())
        .activity(right.isToWrite() ? MqttActivity.PUBLISH : MqttActivity.SUBSCRIBE)
        .build();
  }

  @Override
  public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}
}
