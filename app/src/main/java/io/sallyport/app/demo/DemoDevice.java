package io.sallyport.app.demo;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A device of a few dozen lines, as a firmware engineer would write it: MQTT 5 over a TLS socket,
 * one packet at a time. A library would hide what the tour shows: what each packet is answered
 * with, and when the socket ends.
 */
final class DemoDevice implements AutoCloseable {
  /** One packet of the server; the body is what follows the remaining length. */
  static final class Packet {
    private final int type;
    private final byte[] body;

    private Packet(int type, byte[] body) {
      this.type = type;
      this.body = body;
    }

    int type() {
      return type;
    }

    /** The reason code of a PUBACK, or of a DISCONNECT. */
    int reason() {
      return switch (type) {
        case PUBACK -> body.length > 2 ? body[2] & 0xff : 0;
        case CONNACK -> body[1] & 0xff;
        case DISCONNECT -> body.length > 0 ? body[0] & 0xff : 0;
        default -> throw new IllegalStateException("no reason code in packet type " + type);
      };
    }

    /** What a QoS 1 PUBLISH of MQTT 5 carries. */
    byte[] payload() {
      var properties = 2 + ((body[0] & 0xff) << 8 | (body[1] & 0xff)) + 2;
      // Its properties are few here: their length is one byte.
      return Arrays.copyOfRange(body, properties + 1 + body[properties], body.length);
    }

    /** The text of the first property, if it is a reason string (MQTT 5, 2.2.2.2). */
    String reasonString() {
      var at = type == PUBACK ? 3 : 1;
      if (body.length < at + 4 || body[at + 1] != 0x1f) {
        return "";
      }
      var length = (body[at + 2] & 0xff) << 8 | (body[at + 3] & 0xff);
      return new String(body, at + 4, length, StandardCharsets.UTF_8);
    }
  }

  static final int CONNACK = 2;
  static final int PUBLISH = 3;
  static final int PUBACK = 4;
  static final int SUBACK = 9;
  static final int DISCONNECT = 14;

  private static final int TIMEOUT_MILLIS = 5_000;

  private final SSLSocket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private int packetId;

  private DemoDevice(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /** Opens the socket and does the handshake; a refusal shows here or at the first read. */
  static DemoDevice dial(SSLContext context, String host, int port) throws IOException {
    var socket = (SSLSocket) context.getSocketFactory().createSocket();
    try {
      socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      var parameters = new SSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return new DemoDevice(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * CONNECT with a persistent session or a clean one; returns the reason code.
   *
   * @param receiveMaximum how many deliveries may be unacknowledged
   */
  int connect(String clientId, boolean persistent, int receiveMaximum) throws IOException {
    out.write(connectPacket(clientId, persistent, receiveMaximum));
    out.flush();
    return expect(CONNACK).reason();
  }

  /** A CONNECT as it goes onto the wire. */
  static byte[] connectPacket(String clientId, boolean persistent, int receiveMaximum)
      throws IOException {
    var body = new ByteArrayOutputStream();
    var fields = new DataOutputStream(body);
    text(fields, "MQTT");
    fields.writeByte(5);
    fields.writeByte(persistent ? 0 : 2);
    fields.writeShort(60);
    fields.writeByte(8);
    fields.writeByte(0x11);
    fields.writeInt(persistent ? 3600 : 0);
    fields.writeByte(0x21);
    fields.writeShort(receiveMaximum);
    text(fields, clientId);
    return packet(0x10, body);
  }

  /** QoS 1, and the server's answer to it. */
  Packet publish(String topic, String payload, boolean retain) throws IOException {
    return publish(topic, payload.getBytes(StandardCharsets.UTF_8), retain);
  }

  /** The same of bytes, which are not retained. */
  Packet publish(String topic, byte[] payload) throws IOException {
    return publish(topic, payload, false);
  }

  private Packet publish(String topic, byte[] payload, boolean retain) throws IOException {
    var body = new ByteArrayOutputStream();
    var fields = new DataOutputStream(body);
    text(fields, topic);
    fields.writeShort(++packetId);
    fields.writeByte(0);
    fields.write(payload);
    send(retain ? 0x33 : 0x32, body);
    return expect(PUBACK);
  }

  /** One filter at QoS 1; returns the code granted or refused. */
  int subscribe(String filter) throws IOException {
    return subscribe(filter, 1);
  }

  /** The same without what this client itself publishes (MQTT 5, 3.8.3.1: No Local). */
  int subscribeToOthers(String filter) throws IOException {
    return subscribe(filter, 1 | 4);
  }

  private int subscribe(String filter, int options) throws IOException {
    var body = new ByteArrayOutputStream();
    var fields = new DataOutputStream(body);
    fields.writeShort(++packetId);
    fields.writeByte(0);
    text(fields, filter);
    fields.writeByte(options);
    send(0x82, body);
    var answer = expect(SUBACK).body;
    return answer[answer.length - 1] & 0xff;
  }

  /** Acknowledges a QoS 1 delivery. */
  void acknowledge(Packet delivery) throws IOException {
    var topicLength = (delivery.body[0] & 0xff) << 8 | (delivery.body[1] & 0xff);
    var body = new ByteArrayOutputStream();
    body.write(delivery.body, 2 + topicLength, 2);
    send(0x40, body);
  }

  /** The next packet of that type; anything else first is a failure of the tour. */
  Packet expect(int type) throws IOException {
    var packet = read();
    if (packet.type() != type) {
      throw new IOException("expected packet type " + type + ", got " + packet.type);
    }
    return packet;
  }

  /** Nothing arrives within that time. */
  boolean hearsNothingFor(Duration time) throws IOException {
    socket.setSoTimeout((int) time.toMillis());
    try {
      read();
      return false;
    } catch (SocketTimeoutException _) {
      return true;
    } finally {
      socket.setSoTimeout(TIMEOUT_MILLIS);
    }
  }

  /** Reads until the server ends the connection. */
  void awaitEnd() {
    try {
      while (read().type() >= 0) {
        // Whatever it still says: the end is what counts.
      }
    } catch (IOException _) {
      // The end.
    }
  }

  Packet read() throws IOException {
    var first = in.readUnsignedByte();
    var length = 0;
    var shift = 0;
    int digit;
    do {
      digit = in.readUnsignedByte();
      length |= (digit & 0x7f) << shift;
      shift += 7;
    } while ((digit & 0x80) != 0 && shift < 28);
    var body = new byte[length];
    in.readFully(body);
    return new Packet(first >> 4, body);
  }

  private void send(int first, ByteArrayOutputStream body) throws IOException {
    out.write(packet(first, body));
    out.flush();
  }

  private static byte[] packet(int first, ByteArrayOutputStream body) throws IOException {
    var packet = new ByteArrayOutputStream();
    packet.write(first);
    var length = body.size();
    do {
      packet.write(length > 127 ? (length & 0x7f) | 0x80 : length);
      length >>= 7;
    } while (length > 0);
    body.writeTo(packet);
    return packet.toByteArray();
  }

  private static void text(DataOutputStream to, String value) throws IOException {
    var bytes = value.getBytes(StandardCharsets.UTF_8);
    to.writeShort(bytes.length);
    to.write(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
