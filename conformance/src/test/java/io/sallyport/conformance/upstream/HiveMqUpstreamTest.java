package io.sallyport.conformance.upstream;

import java.nio.file.Path;
import java.util.List;

/** HiveMQ CE behind the gate. */
class HiveMqUpstreamTest extends AnyBroker {
  @Override
  BrokerProcess start(Path folder, int port, String password) {
    return new BrokerProcess("HiveMqBroker", folder, port, List.of("password=" + password));
  }
}
