package io.sallyport.app.node;

import io.sallyport.control.Control;
import io.sallyport.control.provisioning.DeviceRenewals;
import io.sallyport.control.provisioning.ProvisioningDesk;
import io.sallyport.gateway.tls.VerifiedDevice;
import io.sallyport.gateway.topic.DeviceDoor;
import io.sallyport.gateway.topic.DeviceService;
import io.sallyport.gateway.topic.Grant;
import io.sallyport.gateway.topic.Reply;
import io.sallyport.gateway.topic.TopicService.Trouble;

/** Joins the gate's door for requests of devices and the desk, which do not know each other. */
final class DeviceRenewalService implements DeviceService {
  private final DeviceRenewals renewals;

  private DeviceRenewalService(DeviceRenewals renewals) {
    this.renewals = renewals;
  }

  /** The door; who may ask there is for policies to say. */
  static DeviceDoor door(Control control) {
    var rights = DeviceRenewals.rights();
    return new DeviceDoor(
        new Grant(rights.requests(), rights.replies()),
        new DeviceRenewalService(control.renewals()));
  }

  @Override
  public Reply answer(String source, VerifiedDevice device, String topic, byte[] payload) {
    return reply(
        renewals.answer(source, device.kind(), device.id(), device.certificate(), topic, payload));
  }

  @Override
  public Reply refusal(String topic, Trouble trouble) {
    return reply(renewals.refusal(topic, ProvisioningService.trouble(trouble)));
  }

  private static Reply reply(ProvisioningDesk.Message message) {
    return new Reply(message.topic(), message.payload());
  }
}
