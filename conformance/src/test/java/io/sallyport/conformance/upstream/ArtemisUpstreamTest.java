package io.sallyport.conformance.upstream;

import java.nio.file.Path;
import java.util.List;

/** Apache Artemis behind the gate. */
class ArtemisUpstreamTest extends AnyBroker {
  /** Seen at 2.55.0: the flag is lost on the way to a subscriber that asked for it. */
  @Override
  boolean keepsRetainFlag() {
    return false;
  }

  @Override
  BrokerProcess start(Path folder, int port, String password) {
    return new BrokerProcess("ArtemisBroker", folder, port, List.of("password=" + password));
  }
}
