package io.sallyport.conformance.clients;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.sallyport.conformance.product.Endpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The HiveMQ client for one endpoint, otherwise as its makers deliver it. */
public final class HiveMq {
  private static final long LIMIT_SECONDS = 15;

  private HiveMq() {}

  /** For MQTT 5. */
  public static Mqtt5AsyncClient v5(Endpoint endpoint) {
    return client(endpoint).useMqttVersion5().buildAsync();
  }

  /** For MQTT 5, telling how its connections end. */
  public static Mqtt5AsyncClient v5(
      Endpoint endpoint, Consumer<MqttClientDisconnectedContext> ends) {
    return client(endpoint).addDisconnectedListener(ends::accept).useMqttVersion5().buildAsync();
  }

  /** For MQTT 3.1.1. */
  public static Mqtt3AsyncClient v3(Endpoint endpoint) {
    return client(endpoint).useMqttVersion3().buildAsync();
  }

  /** For MQTT 3.1.1, telling how its connections end. */
  public static Mqtt3AsyncClient v3(
      Endpoint endpoint, Consumer<MqttClientDisconnectedContext> ends) {
    return client(endpoint).addDisconnectedListener(ends::accept).useMqttVersion3().buildAsync();
  }

  private static MqttClientBuilder client(Endpoint endpoint) {
    return MqttClient.builder()
        .identifier(endpoint.clientId())
        .serverHost(endpoint.host())
        .serverPort(endpoint.port())
        .sslConfig(tls(endpoint));
  }

  /** The answer, or the failure that the client gave instead. */
  public static <T> T await(CompletableFuture<T> answer) throws Exception {
    try {
      return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + LIMIT_SECONDS + " s", e);
    }
  }

  /** TLS with the endpoint's identity. */
  public static MqttClientSslConfig tls(Endpoint endpoint) {
    return MqttClientSslConfig.builder()
        .keyManagerFactory(endpoint.bundle().keyManagers())
        .trustManagerFactory(endpoint.bundle().trustManagers())
        .build();
  }
}
