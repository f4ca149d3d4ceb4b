package io.sallyport.testkit;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * A throw-away root with issuing authorities for devices and servers, laid out as Sallyport's own,
 * and every bad certificate that an attacker could come with. It shares no code with issuance.
 */
public final class TestCa {
  private final Instant now;
  private final TestAuthority root;
  private final TestAuthority devices;
  private final TestAuthority servers;

  private TestCa(Instant now) {
    this.now = now;
    this.root = TestAuthority.root("Test Root CA", now);
    this.devices = root.below("Test Devices CA", now);
    this.servers = root.below("Test Servers CA", now);
  }

  /** A new one, valid from 400 days before now. */
  public static TestCa create(Instant now) {
    return new TestCa(now);
  }

  /** The root that clients trust. */
  public X509Certificate root() {
    return root.certificate();
  }

  /** The authority whose certificates may open the device gate. */
  public X509Certificate devices() {
    return devices.certificate();
  }

  /** The authority of servers and operators. */
  public X509Certificate servers() {
    return servers.certificate();
  }

  /** A good device. */
  public TestIdentity device(String id) {
    return named(PrincipalKind.DEVICE, id).sign();
  }

  /** A good backend. */
  public TestIdentity backend(String id) {
    return named(PrincipalKind.BACKEND, id).sign();
  }

  /** A good operator, by the servers' authority. */
  public TestIdentity operator(String name) {
    return new TestLeaf(root(), servers, now)
        .commonName(name)
        .uri(PrincipalKind.OPERATOR.uri(new PrincipalId(name)))
        .forClients()
        .sign();
  }

  /** A good server, reachable as localhost. */
  public TestIdentity server() {
    return new TestLeaf(root(), servers, now)
        .commonName("Test Server")
        .dnsName("localhost")
        .address("127.0.0.1")
        .address("::1")
        .forServers()
        .sign();
  }

  /** Was valid until yesterday. */
  public TestIdentity expired(String id) {
    return named(PrincipalKind.DEVICE, id)
        .valid(now.minus(Duration.ofDays(30)), now.minus(Duration.ofDays(1)))
        .sign();
  }

  /** Will be valid from tomorrow. */
  public TestIdentity notYetValid(String id) {
    return named(PrincipalKind.DEVICE, id)
        .valid(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(30)))
        .sign();
  }

  /** Right in everything, but for serverAuth only. */
  public TestIdentity serverAuthOnly(String id) {
    return commonName(id).uri(deviceUri(id)).forServers().sign();
  }

  /** Right in everything, but signed by another root's devices authority of the same names. */
  public TestIdentity fromOtherCa(String id) {
    var other = new TestCa(now);
    return new TestLeaf(root(), other.devices, now)
        .commonName(id)
        .uri(deviceUri(id))
        .forClients()
        .sign();
  }

  /** Right in everything, but signed by the servers' authority. */
  public TestIdentity fromServersCa(String id) {
    return new TestLeaf(root(), servers, now).commonName(id).uri(deviceUri(id)).forClients().sign();
  }

  /** The right names, signed by nobody but itself. */
  public TestIdentity selfSigned(String id) {
    return named(PrincipalKind.DEVICE, id).selfSigned().sign();
  }

  /** A second common name after the first. */
  public TestIdentity twoCommonNames(String id, String second) {
    return named(PrincipalKind.DEVICE, id).commonName(second).sign();
  }

  /** Any common name at all, for instance {@code dev*}, {@code +} or {@code #}. */
  public TestIdentity withCommonName(String name) {
    return commonName(name).uri("urn:sallyport:device:" + name).forClients().sign();
  }

  /** No alternative name. */
  public TestIdentity withoutAlternativeName(String id) {
    return commonName(id).forClients().sign();
  }

  /** A URI that names another device than the common name. */
  public TestIdentity disagreeing(String id, String uriId) {
    return commonName(id).uri(deviceUri(uriId)).forClients().sign();
  }

  /** Right in everything, but an authority itself. */
  public TestIdentity authority(String id) {
    return named(PrincipalKind.DEVICE, id).authority().sign();
  }

  /** A good device with an RSA key of 2048 bits. */
  public TestIdentity rsa(String id) {
    return named(PrincipalKind.DEVICE, id).rsa().sign();
  }

  /** A good device with an Ed25519 key. */
  public TestIdentity ed25519(String id) {
    return named(PrincipalKind.DEVICE, id).ed25519().sign();
  }

  /** The draft of a certificate by the devices' authority, for whatever else a test needs. */
  public TestLeaf draft() {
    return new TestLeaf(root(), devices, now);
  }

  private TestLeaf named(PrincipalKind kind, String id) {
    return commonName(id).uri(kind.uri(new PrincipalId(id))).forClients();
  }

  private TestLeaf commonName(String commonName) {
    return draft().commonName(commonName);
  }

  private static String deviceUri(String id) {
    return PrincipalKind.DEVICE.uri(new PrincipalId(id));
  }
}
