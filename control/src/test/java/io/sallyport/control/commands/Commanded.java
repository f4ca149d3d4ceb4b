package io.sallyport.control.commands;

import io.sallyport.control.Desk;
import io.sallyport.control.TestSeal;
import io.sallyport.control.messaging.Request;

/** A registry in which a device without a clock was sent a command. */
public final class Commanded {
  private Commanded() {}

  /** Sends one. */
  public static void into(Desk desk, String device) throws Exception {
    var service = desk.control.commands();
    service.sealWith(TestSeal::open);
    var topic = "devices/" + device + "/commands/challenge";
    var request = new Request(topic, new byte[16], desk.clock.instant());
    desk.database.write(handle -> service.desk().answer(handle, request));
    desk.admin.post("/api/v1/devices/" + device + "/commands", "{\"name\":\"reboot\"}");
  }
}
