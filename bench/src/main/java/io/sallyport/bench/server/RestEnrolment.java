package io.sallyport.bench.server;

import io.sallyport.bench.load.LoadFailure;
import java.io.IOException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
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
    ca.get("certificates")
        .forEach(
            certificate -> {
              if (certificate.get("name").asString().equals("devices")) {
                pem.append(certificate.get("pem").asString());
              }
            });
    return pem.toString();
  }

  @Override
  public Map<String, String> devices(Map<String, KeyPair> keys)
      throws IOException, InterruptedException {
    var issued = new LinkedHashMap<String, String>();
    var requests = new ArrayList<Map<String, String>>();
    for (var entry : keys.entrySet()) {
      requests.add(request(entry.getKey(), entry.getValue()));
      if (requests.size() == BATCH || issued.size() + requests.size() == keys.size()) {
        var answer = operator.post("/api/v1/devices/batch", Map.of("devices", requests));
        answer
            .get("results")
            .forEach(result -> issued.put(result.get("id").asString(), chain(result)));
        requests.clear();
      }
    }
    return issued;
  }

  @Override
  public Map<String, String> backends(Map<String, KeyPair> keys)
      throws IOException, InterruptedException {
    var issued = new LinkedHashMap<String, String>();
    for (var entry : keys.entrySet()) {
      var request = request(entry.getKey(), entry.getValue());
      issued.put(entry.getKey(), chain(operator.post("/api/v1/backends", request)));
    }
    return issued;
  }

  private static Map<String, String> request(String id, KeyPair keys) throws IOException {
    try {
      var csr =
          new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=" + id), keys.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
      return Map.of("id", id, "csr", Pem.of("CERTIFICATE REQUEST", csr.getEncoded()));
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("every JDK signs with ECDSA", e);
    }
  }

  private static String chain(JsonNode issued) {
    var certificate = issued.get("certificate");
    if (certificate == null) {
      throw new LoadFailure("enrolment was refused: " + issued);
    }
    var chain = new StringBuilder(certificate.get("pem").asString());
    for (var pem : List.copyOf(issued.get("chain").values())) {
      chain.append(pem.asString());
    }
    return chain.toString();
  }
}
