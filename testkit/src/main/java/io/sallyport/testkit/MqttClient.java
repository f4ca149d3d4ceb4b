package io.sallyport.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A device as an attacker would write it: MQTT 3.1.1 or 5 over a blocking TLS socket of the JDK,
 * with helpers for the packets that are right and {@link #send} for the bytes that are not.
 */
public final class MqttClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SSLSocket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final int level;
  private int lastId;

  private MqttClient(SSLSocket socket, int level) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
    this.level = level;
  }

  /** One packet as it came in. */
  public static final class Packet {
    private final int first;
    private final byte[] body;

    Packet(int first, byte[] body) {
      this.first = first;
      this.body = body;
    }

    /** The packet type, 1 to 15. */
    public int type() {
      return first >>> 4;
    }

    public int flags() {
      return first & 0x0F;
    }

    /** What follows the fixed header. */
    public byte[] body() {
      return body.clone();
    }

    /** The byte at a place of the body, 0 to 255; from the end if negative. */
    public int at(int index) {
      return body[index < 0 ? body.length + index : index] & 0xFF;
    }

    public int length() {
      return body.length;
    }

    /** The two bytes at a place of the body. */
    public int u16(int index) {
      return (at(index) << 8) | at(index + 1);
    }

    /** The body read as text, to look for a reason string in. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** The topic of a PUBLISH. */
    public String topic() {
      return new String(body, 2, u16(0), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      var text = new StringBuilder("packet ").append(first).append(':');
      for (byte b : body) {
        text.append(String.format(" %02x", b));
      }
      return text.toString();
    }
  }

  /** Finishes the TLS handshake, as MQTT 3.1.1. */
  public static MqttClient v3(SSLContext tls, int port) throws IOException {
    return open(tls, port, 4);
  }

  /** Finishes the TLS handshake, as MQTT 5. */
  public static MqttClient v5(SSLContext tls, int port) throws IOException {
    return open(tls, port, 5);
  }

  private static MqttClient open(SSLContext tls, int port, int level) throws IOException {
    return over(socket(tls, port), level);
  }

  /** Speaks over a socket that is made otherwise; level 4 or 5. */
  public static MqttClient over(SSLSocket socket, int level) throws IOException {
    socket.setSoTimeout((int) PATIENCE.toMillis());
    try {
      socket.startHandshake();
      return new MqttClient(socket, level);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** A TLS socket to a port of this machine, its handshake not begun. */
  public static SSLSocket socket(SSLContext tls, int port) throws IOException {
    var plain = new Socket();
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    plain.setTcpNoDelay(true);
    return (SSLSocket) tls.getSocketFactory().createSocket(plain, "localhost", port, true);
  }

  /** The socket, for what is not MQTT. */
  public SSLSocket socket() {
    return socket;
  }

  /** Sends bytes as they are. */
  public MqttClient send(byte... bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Sends one packet: its first byte and what follows the fixed header. */
  public MqttClient packet(int first, byte[] body) throws IOException {
    return send(Bytes.packet(first, body));
  }

  /** Waits for the next packet. */
  public Packet receive() throws IOException {
    int first = in.readUnsignedByte();
    int length = 0;
    int shift = 0;
    int b;
    do {
      b = in.readUnsignedByte();
      length |= (b & 0x7F) << shift;
      shift += 7;
    } while (b >= 0x80);
    var body = new byte[length];
    in.readFully(body);
    return new Packet(first, body);
  }

  /** How long {@link #receive} waits. */
  public MqttClient patience(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    return this;
  }

  /** Whether the server ends the connection, and nothing comes before it does. */
  public boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** CONNECT with a clean session and no keep alive; answers the CONNACK. */
  public Packet connect(String clientId) throws IOException {
    return connect(new Connect(clientId));
  }

  /** CONNECT; answers the CONNACK. */
  public Packet connect(Connect connect) throws IOException {
    packet(0x10, connect.body(level));
    return receive();
  }

  /** A PUBLISH without properties. */
  public MqttClient publish(String topic, byte[] payload, int qos, boolean retain, int id)
      throws IOException {
    var body = new Bytes().string(topic);
    if (qos > 0) {
      body.u16(id);
    }
    if (level == 5) {
      body.u8(0);
    }
    return packet(0x30 | (qos << 1) | (retain ? 1 : 0), body.raw(payload).done());
  }

  /** A PUBLISH at QoS 0. */
  public MqttClient publish(String topic, String payload) throws IOException {
    return publish(topic, payload.getBytes(StandardCharsets.UTF_8), 0, false, 0);
  }

  /** A PUBLISH at QoS 1; answers the PUBACK. */
  public Packet publishAcknowledged(String topic, String payload) throws IOException {
    publish(topic, payload.getBytes(StandardCharsets.UTF_8), 1, false, nextId());
    return receive();
  }

  /** A SUBSCRIBE to filters at QoS 1; answers the SUBACK. */
  public Packet subscribe(String... filters) throws IOException {
    var body = new Bytes().u16(nextId());
    if (level == 5) {
      body.u8(0);
    }
    for (var filter : filters) {
      body.string(filter).u8(1);
    }
    packet(0x82, body.done());
    return receive();
  }

  /** A PINGREQ; answers the PINGRESP, by which all before it is known to be handled. */
  public Packet ping() throws IOException {
    send((byte) 0xC0, (byte) 0);
    return receive();
  }

  /** A DISCONNECT, and the end. */
  public void disconnect() throws IOException {
    send((byte) 0xE0, (byte) 0);
    close();
  }

  private int nextId() {
    return ++lastId;
  }

  /** Drops the socket without a word, as a device that loses power. */
  public void drop() throws IOException {
    socket.setSoLinger(true, 0);
    close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** What a CONNECT says. */
  public static final class Connect {
    private final String clientId;
    private boolean cleanStart = true;
    private int keepAlive;
    private byte[] properties = new byte[0];
    private String userName = "";
    private String willTopic = "";
    private byte[] willPayload = new byte[0];
    private byte[] willProperties = new byte[0];
    private int willFlags;

    public Connect(String clientId) {
      this.clientId = clientId;
    }

    public Connect keepSession() {
      cleanStart = false;
      return this;
    }

    public Connect keepAlive(int seconds) {
      keepAlive = seconds;
      return this;
    }

    /** MQTT 5 properties in wire form, without their length. */
    public Connect properties(byte... wire) {
      properties = wire.clone();
      return this;
    }

    public Connect userName(String name) {
      userName = name;
      return this;
    }

    public Connect will(String topic, String payload, int qos, boolean retain) {
      willTopic = topic;
      willPayload = payload.getBytes(StandardCharsets.UTF_8);
      willFlags = 0x04 | (qos << 3) | (retain ? 0x20 : 0);
      return this;
    }

    /** MQTT 5 properties of the Will in wire form, without their length. */
    public Connect willProperties(byte... wire) {
      willProperties = wire.clone();
      return this;
    }

    /** What follows the fixed header, for a protocol level. */
    public byte[] body(int level) {
      int flags = willFlags | (cleanStart ? 0x02 : 0) | (userName.isEmpty() ? 0 : 0x80);
      var body = new Bytes().string("MQTT").u8(level).u8(flags).u16(keepAlive);
      if (level == 5) {
        body.varint(properties.length).raw(properties);
      }
      body.string(clientId);
      if (willFlags != 0) {
        if (level == 5) {
          body.varint(willProperties.length).raw(willProperties);
        }
        body.string(willTopic).u16(willPayload.length).raw(willPayload);
      }
      if (!userName.isEmpty()) {
        body.string(userName);
      }
      return body.done();
    }
  }

  /** Writes MQTT's data types, right or wrong. */
  public static final class Bytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public Bytes u8(int value) {
      bytes.write(value);
      return this;
    }

    public Bytes u16(int value) {
      return u8(value >>> 8).u8(value);
    }

    public Bytes u32(long value) {
      return u16((int) (value >>> 16)).u16((int) value);
    }

    public Bytes varint(int value) {
      int rest = value;
      while (rest >= 0x80) {
        u8((rest & 0x7F) | 0x80);
        rest >>>= 7;
      }
      return u8(rest);
    }

    public Bytes string(String text) {
      var utf8 = text.getBytes(StandardCharsets.UTF_8);
      return u16(utf8.length).raw(utf8);
    }

    public Bytes raw(byte... raw) {
      bytes.writeBytes(raw);
      return this;
    }

    public byte[] done() {
      return bytes.toByteArray();
    }

    /** A whole packet with its length. */
    public static byte[] packet(int first, byte[] body) {
      return new Bytes().u8(first).varint(body.length).raw(body).done();
    }
  }
}
