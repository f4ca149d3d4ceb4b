package io.sallyport.control.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.control.ControlConfiguration;
import io.sallyport.control.Desk;
import io.sallyport.control.OperatorClient;
import io.sallyport.control.TestDatabase;
import io.sallyport.control.operators.OperatorAnswer;
import io.sallyport.control.operators.Operators;
import io.sallyport.control.policies.Policies;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each bound of the desk is reached, and what happens then is what is documented. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class RestBoundsTest {
  /** Policies that every registry has. */
  private static final int DEFAULTS = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String ALLOW_ALL =
      """
      {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}
      """;

  private Desk desk;

  @BeforeEach
  void open() {
    desk = Desk.open(TestDatabase.SQLITE);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  /** An operator who sends his bodies by drips keeps nobody waiting and loses nothing. */
  @Test
  void oneRequestMoreThanTheBoundIsToldToComeAgain() throws Exception {
    var slow = new ArrayList<SSLSocket>();
    try {
      for (int index = 0; index <= RestServer.REQUESTS_MAX; index++) {
        slow.add(begunRequest("slow-" + index));
      }
      // Whichever comes last to the server: nobody else gets an answer without a body.
      var refused = firstAnswered(slow);
      slow.remove(refused);
      refused.setSoTimeout((int) PATIENCE.toMillis());
      assertThat(textUntil(refused, "\"busy\""))
          .contains(" 503 ", "Retry-After: 1\r\n", "\"reason\":\"busy\"");
      refused.close();

      for (var socket : slow) {
        socket.getOutputStream().write(ALLOW_ALL.getBytes(StandardCharsets.UTF_8));
        assertThat(statusLine(socket)).isEqualTo("HTTP/1.1 200 OK");
      }
      assertThat(desk.admin.get("/api/v1/status").status()).isEqualTo(200);
      assertThat(desk.admin.get("/api/v1/policies").json().get("policies"))
          .hasSize(DEFAULTS + RestServer.REQUESTS_MAX);
    } finally {
      closeAll(slow);
    }
  }

  /** What may have been done before the database was lost is not asked for twice. */
  @Test
  void aLostDatabaseIsToldAndWhoMayAskAgainIsToldWhen() throws Exception {
    desk.database.close();

    var asked = desk.admin.get("/api/v1/policies");
    assertThat(asked.status()).isEqualTo(503);
    assertThat(asked.json().get("reason").asString()).isEqualTo("store-unavailable");
    assertThat(asked.headers().firstValue("Retry-After")).contains("2");
    assertThat(desk.admin.put("/api/v1/policies/p", ALLOW_ALL).headers().firstValue("Retry-After"))
        .contains("2");
    var told = desk.admin.delete("/api/v1/policies/p/attachments/d");
    assertThat(told.status()).isEqualTo(503);
    assertThat(told.headers().firstValue("Retry-After")).isEmpty();
  }

  @Test
  void oneConnectionMoreThanTheBoundWaitsForAnotherToEnd() throws Exception {
    var idle = new ArrayList<Socket>();
    try (var patient = desk.anonymous();
        var caller = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int index = 0; index < RestServer.CONNECTIONS_MAX; index++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), desk.port));
      }
      var answer = caller.submit(() -> patient.get("/health"));
      assertThatThrownBy(() -> answer.get(1, java.util.concurrent.TimeUnit.SECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);

      closeAll(idle);
      assertThat(answer.get().status()).isEqualTo(200);
    } finally {
      closeAll(idle);
    }
  }

  @Test
  void onePolicyMoreThanTheBoundIsRefusedAndThoseThereAreChange() throws Exception {
    desk.database.change(
        handle -> {
          for (int index = DEFAULTS; index < Policies.POLICIES_MAX - 1; index++) {
            handle.execute("insert into policy values (?, 1, 0)", "p-" + index);
            handle.execute(
                "insert into policy_version values (?, 1, ?, 0, 'test')", "p-" + index, "{}");
          }
        });

    assertThat(desk.admin.put("/api/v1/policies/last", ALLOW_ALL).status()).isEqualTo(200);
    var refused = desk.admin.put("/api/v1/policies/beyond", ALLOW_ALL);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().get("reason").asString()).isEqualTo("too-many-policies");
    assertThat(desk.admin.get("/api/v1/policies/beyond").status()).isEqualTo(404);
    var changed = desk.admin.put("/api/v1/policies/last", ALLOW_ALL.replace("Allow", "Deny"));
    assertThat(changed.json().get("version").asInt()).isEqualTo(2);
    assertThat(desk.admin.get("/api/v1/policies").json().get("policies"))
        .hasSize(Policies.POLICIES_MAX);
  }

  /** Sixteen at once for the last place: the bound holds against those who come together. */
  @Test
  void oneOperatorMoreThanTheBoundIsRefusedHoweverManyComeAtOnce() throws Exception {
    fill(Operators.OPERATORS_MAX - 1);
    var requests = new ArrayList<Callable<OperatorClient.Reply>>();
    for (int index = 0; index < 16; index++) {
      var body = enrolment("last-" + index);
      requests.add(() -> desk.admin.post("/api/v1/operators", body));
    }
    var statuses = new ArrayList<Integer>();
    try (var together = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var reply : together.invokeAll(requests)) {
        statuses.add(reply.get().status());
        if (reply.get().status() != 201) {
          assertThat(reply.get().json().get("reason").asString()).isEqualTo("too-many-operators");
        }
      }
    }
    assertThat(statuses).containsOnlyOnce(201);
    assertThat(statuses.stream().filter(status -> status == 409)).hasSize(15);
    assertThat(desk.admin.get("/api/v1/operators").json().get("operators"))
        .hasSize(Operators.OPERATORS_MAX);
  }

  @Test
  void whoeverHoldsTheMachineGetsInHoweverManyOperatorsThereAre() {
    fill(Operators.OPERATORS_MAX);
    var name = ControlConfiguration.FIRST_OPERATOR;
    try (var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, name)) {
      assertThat(desk.control.certifyLocalOperator(name, keys.requestPem()))
          .isInstanceOf(OperatorAnswer.Certified.class);
    }
  }

  /** Makes it so many operators, with the one that there is. */
  private void fill(int operators) {
    desk.database.change(
        handle -> {
          for (int index = 1; index < operators; index++) {
            handle.execute("insert into operator values (?, 'viewer', 0)", "o-" + index);
          }
        });
  }

  private static String enrolment(String name) {
    try (var keys = DeviceKeys.generate(PrincipalKind.OPERATOR, new PrincipalId(name))) {
      return "{\"name\":\"%s\",\"role\":\"viewer\",\"csr\":\"%s\"}"
          .formatted(name, keys.requestPem().replace("\n", "\\n"));
    }
  }

  /** A request whose body is announced and not sent. */
  private SSLSocket begunRequest(String policy) throws IOException {
    var socket = desk.admin.connect();
    var head =
        "PUT /api/v1/policies/"
            + policy
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
            + ALLOW_ALL.length()
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  private static String statusLine(Socket socket) throws IOException {
    var line = new StringBuilder();
    for (int c = socket.getInputStream().read(); c >= 0 && c != '\r'; ) {
      line.append((char) c);
      c = socket.getInputStream().read();
    }
    return line.toString();
  }

  /** The first that has something to read, its first byte read. */
  private static SSLSocket firstAnswered(List<SSLSocket> waiting) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      for (var socket : waiting) {
        assertThat(System.nanoTime()).as("nobody was answered").isLessThan(end);
        socket.setSoTimeout(5);
        try {
          assertThat(socket.getInputStream().read()).isEqualTo('H');
          return socket;
        } catch (SocketTimeoutException e) {
          socket.setSoTimeout((int) PATIENCE.toMillis());
        }
      }
    }
  }

  private static String textUntil(Socket socket, String end) throws IOException {
    var text = new StringBuilder();
    int c = 0;
    while (c >= 0 && text.indexOf(end) < 0) {
      c = socket.getInputStream().read();
      text.append((char) c);
    }
    return text.toString();
  }

  private static void closeAll(Collection<? extends Socket> sockets) throws IOException {
    for (var socket : List.copyOf(sockets)) {
      socket.close();
    }
  }
}
