package io.sallyport.app.node;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.ProvisioningKeys;
import io.sallyport.control.Control;
import io.sallyport.control.provisioning.ProvisioningDesk;
import io.sallyport.gateway.topic.Caller;
import io.sallyport.gateway.topic.Grant;
import io.sallyport.gateway.topic.Reply;
import io.sallyport.gateway.topic.TopicDoor;
import io.sallyport.gateway.topic.TopicService;
import io.sallyport.gateway.topic.TopicSettings;
import org.jspecify.annotations.Nullable;

/** Joins the gate's door for claims and the provisioning desk, which do not know each other. */
final class ProvisioningService implements TopicService {
  private final ProvisioningDesk desk;

  ProvisioningService(ProvisioningDesk desk) {
    this.desk = desk;
  }

  /** The door that the configuration asks for; null if it asks for none. */
  static @Nullable TopicDoor door(Configuration configuration, Control control) {
    return configuration.get(ProvisioningKeys.ENABLED)
        ? new TopicDoor(
            TopicSettings.DEFAULTS.with(
                configuration.get(ProvisioningKeys.LIFETIME),
                configuration.get(ProvisioningKeys.CONNECTIONS_PER_CLAIM)),
            new ProvisioningService(control.provisioning()))
        : null;
  }

  @Override
  public Grant admit(Caller caller) {
    var rights = desk.rights(caller.source(), caller.introduction());
    return new Grant(rights.requests(), rights.replies());
  }

  @Override
  public Reply answer(Caller caller, String topic, byte[] payload) {
    return reply(
        desk.answer(caller.source(), caller.clientId(), caller.introduction(), topic, payload));
  }

  @Override
  public Reply refusal(String topic, Trouble trouble) {
    return reply(desk.refusal(topic, trouble(trouble)));
  }

  static ProvisioningDesk.Trouble trouble(Trouble trouble) {
    return switch (trouble) {
      case BUSY -> ProvisioningDesk.Trouble.BUSY;
      case BROKEN -> ProvisioningDesk.Trouble.BROKEN;
    };
  }

  private static Reply reply(ProvisioningDesk.Message message) {
    return new Reply(message.topic(), message.payload());
  }
}
