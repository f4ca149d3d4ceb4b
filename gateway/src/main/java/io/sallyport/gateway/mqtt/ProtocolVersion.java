package io.sallyport.gateway.mqtt;

/** The two versions of MQTT that the gate speaks. */
public enum ProtocolVersion {
  V3_1_1,
  V5
}
