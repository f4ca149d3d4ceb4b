package io.sallyport.gateway.est;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.sallyport.gateway.desk.Desk;
import java.time.Duration;

/** The door for devices that want a certificate: HTTP/1.1 behind the same TLS as MQTT. */
public final class EstDoor {
  private final EstSettings settings;
  private final Requests requests;
  private final Desk<Reply> desk;
  private final EstCounters counters = new EstCounters();

  /** A door before that desk. */
  public EstDoor(EstSettings settings, CertificateService service) {
    this.settings = settings;
    this.requests = new Requests(service);
    this.desk = new Desk<>("est", settings.atOnceMax());
  }

  /** Whether certificates of manufacturers' authorities introduce somebody. */
  public boolean takesManufacturers() {
    return requests.takesManufacturers();
  }

  /** How long ago a device's certificate may have expired that is renewed; zero for not at all. */
  public Duration expiredMax() {
    return requests.expiredMax();
  }

  public EstSettings settings() {
    return settings;
  }

  public EstCounters counters() {
    return counters;
  }

  /** Speaks with somebody from now on, at the end of that pipeline. */
  public void open(ChannelPipeline pipeline, EstVisitor visitor) {
    pipeline.addLast(
        new StrictRequestDecoder(),
        new HttpResponseEncoder(),
        new EstTalk(visitor, requests, desk, settings, counters));
    visitor.awaits();
  }
}
