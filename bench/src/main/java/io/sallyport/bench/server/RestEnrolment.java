package io.sallyport.bench.server;

import io.sallyport.bench.load.LoadFailure;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.PrincipalKind;
import io.sallyport.identity.issuance.DeviceKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Enrols through a running Sallyport, hundreds at a time. */
final class RestEnrolment implements Fleet.Issuer {
  private static final int BATCH = 250;

  private final OperatorApi operator;

  RestEnrolment(OperatorApi operator) {
    this.operator = operator;
  }

  @Override
  public String trustPem() throws IOException, InterruptedException {
    var ca = operator.get("/api/v1/ca");
    var pem = new StringBuilder(ca.get("root").asString());
    for (var certificate : ca.get("certificates").values()) {
      if (certificate.get("name").asString().equals("devices")) {
        pem.append(certificate.get("pem").asString());
      }
    }
    return pem.toString();
  }

  @Override
  public Map<String, Fleet.Identity> devices(List<String> ids)
      throws IOException, InterruptedException {
    var issued = new LinkedHashMap<String, Fleet.Identity>();
    for (var from = 0; from < ids.size(); from += BATCH) {
      issued.putAll(batch(ids.subList(from, Math.min(ids.size(), from + BATCH))));
    }
    return issued;
  }

  private Map<String, Fleet.Identity> batch(List<String> ids)
      throws IOException, InterruptedException {
    var keys = new ArrayList<DeviceKeys>();
    var requests = new ArrayList<Map<String, String>>();
    for (var id : ids) {
      var made = DeviceKeys.generate(PrincipalKind.DEVICE, new PrincipalId(id));
      keys.add(made);
      requests.add(Map.of("id", id, "csr", made.requestPem()));
    }
    var answer = operator.post("/api/v1/devices/batch", Map.of("devices", requests));
    var issued = new LinkedHashMap<String, Fleet.Identity>();
    for (var i = 0; i < ids.size(); i++) {
      var result = answer.get("results").get(i);
      issued.put(ids.get(i), identity(result, answer.get("chain"), keys.get(i)));
    }
    return issued;
  }

  @Override
  public Map<String, Fleet.Identity> backends(List<String> ids)
      throws IOException, InterruptedException {
    var issued = new LinkedHashMap<String, Fleet.Identity>();
    for (var id : ids) {
      var keys = DeviceKeys.generate(PrincipalKind.BACKEND, new PrincipalId(id));
      var answer = operator.post("/api/v1/backends", Map.of("id", id, "csr", keys.requestPem()));
      issued.put(id, identity(answer, answer.get("chain"), keys));
    }
    return issued;
  }

  private static Fleet.Identity identity(
      @Nullable JsonNode issued, @Nullable JsonNode chain, DeviceKeys keys) {
    if (issued == null || chain == null || issued.get("certificate") == null) {
      throw new LoadFailure("enrolment was refused: " + issued);
    }
    var pem = new StringBuilder(issued.get("certificate").get("pem").asString());
    chain.values().forEach(certificate -> pem.append(certificate.asString()));
    return new Fleet.Identity(pem.toString(), keys.privateKeyPem());
  }
}
