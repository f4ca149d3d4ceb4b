package io.sallyport.bench.load;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The identities that a load uses, by number: {@code d-1 …} are devices, {@code b-1 …} backends.
 */
final class Credentials {
  private final Path fleet;
  private final Target target;
  private final PinnedServer trust;
  private final List<String> ids;

  Credentials(Path fleet, Target target, int first, int devices) {
    this.fleet = fleet;
    this.target = target;
    this.trust = new PinnedServer(target.trust());
    this.ids = IntStream.range(first, first + devices).mapToObj(Identities::device).toList();
  }

  List<String> ids() {
    return ids;
  }

  /** Of the JDK instead of BoringSSL: it can ask for new keys. */
  ClientTls tlsOfTheJdk(String id) {
    return ClientTls.ofTheJdk(ClientFiles.in(fleet, id), target, trust);
  }

  ClientTls tls(String id, boolean resumption) {
    return new ClientTls(ClientFiles.in(fleet, id), target, trust, resumption);
  }
}
