package io.sallyport.exchange.upstream;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.sallyport.exchange.Reason;
import java.util.ArrayList;
import java.util.List;

/** What the broker's reason codes are to a device. */
final class Answers {
  private static final int FAILURES = 0x80;
  private static final int BAD_USER_OR_PASSWORD = 0x86;
  private static final int USE_ANOTHER_SERVER = 0x9C;
  private static final int SERVER_MOVED = 0x9D;
  private static final int CONNECTION_RATE_EXCEEDED = 0x9F;

  private Answers() {}

  /** The reason of that code, or the nearest. */
  static Reason reason(int code) {
    for (Reason reason : Reason.values()) {
      if (reason.code() == code) {
        return reason;
      }
    }
    return code < FAILURES ? Reason.SUCCESS : Reason.UNSPECIFIED_ERROR;
  }

  /** Why a CONNECT was refused, by the code of MQTT 5 or the return code of MQTT 3.1.1. */
  static Reason connect(int code) {
    return switch (code) {
      case 1 -> Reason.UNSPECIFIED_ERROR;
      case 2 -> Reason.CLIENT_IDENTIFIER_NOT_VALID;
      case 3, USE_ANOTHER_SERVER, SERVER_MOVED, CONNECTION_RATE_EXCEEDED ->
          Reason.SERVER_UNAVAILABLE;
      case 4, 5, BAD_USER_OR_PASSWORD -> Reason.NOT_AUTHORIZED;
      default -> code == 0 ? Reason.SUCCESS : failure(code);
    };
  }

  private static Reason failure(int code) {
    Reason reason = reason(code);
    return reason.isFailure() ? reason : Reason.UNSPECIFIED_ERROR;
  }

  /** Whether another address may well say yes. */
  static boolean isPassing(Reason refusal) {
    return refusal == Reason.SERVER_UNAVAILABLE
        || refusal == Reason.SERVER_BUSY
        || refusal == Reason.SERVER_SHUTTING_DOWN;
  }

  /** The reason in a PUBACK, PUBREC, PUBREL or PUBCOMP. */
  static Reason reason(MqttMessage acknowledgement) {
    return acknowledgement.variableHeader() instanceof MqttPubReplyMessageVariableHeader reply
        ? reason(reply.reasonCode() & 0xFF)
        : Reason.SUCCESS;
  }

  /** The codes of a SUBACK; one that MQTT does not have is a refusal. */
  static List<Integer> codes(MqttSubAckMessage suback) {
    List<Integer> codes = new ArrayList<>();
    for (var code : suback.payload().typedReasonCodes()) {
      // The codec reads what it does not know as null.
      codes.add(code == null ? FAILURES : code.byteValue() & 0xFF);
    }
    return codes;
  }

  /** Why the broker ends a connection. */
  static Reason disconnect(MqttMessage packet) {
    return packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
            && (header.reasonCode() & 0xFF) >= FAILURES
        ? reason(header.reasonCode() & 0xFF)
        : Reason.SERVER_UNAVAILABLE;
  }
}
