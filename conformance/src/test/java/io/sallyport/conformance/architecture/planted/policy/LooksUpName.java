package io.sallyport.conformance.architecture.planted.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;

final class LooksUpName {
  private LooksUpName() {}

  static InetAddress ask(String name) throws UnknownHostException {
    return InetAddress.getByName(name);
  }
}
