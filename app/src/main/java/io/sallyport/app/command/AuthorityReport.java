package io.sallyport.app.command;

import io.sallyport.app.installation.Fingerprints;
import io.sallyport.cli.terminal.Json;
import io.sallyport.cli.terminal.Table;
import io.sallyport.cli.terminal.Terminal;
import io.sallyport.identity.Pem;
import io.sallyport.identity.issuance.AuthorityName;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Map;

/**
 * The authorities as people and programs read them.
 *
 * @param rootKeyPresent whether the root's private key is still kept here
 */
public record AuthorityReport(
    Map<AuthorityName, X509Certificate> certificates, boolean rootKeyPresent) {
  public void table(Terminal terminal) {
    var table = Table.of("NAME", "SUBJECT", "KEY", "VALID UNTIL", "SHA-256");
    certificates.forEach(
        (name, certificate) ->
            table.row(
                name.word(),
                certificate.getSubjectX500Principal().getName(),
                algorithm(certificate),
                certificate.getNotAfter().toInstant().toString(),
                Fingerprints.of(certificate)));
    table.print(terminal);
    terminal.note(
        rootKeyPresent
            ? "The root key is here; keep it off line: sallyport ca export --root-key --out FILE"
            : "The root key is kept elsewhere.");
  }

  /** The same shape as the REST API's answer. */
  public void json(Terminal terminal) {
    var document = Json.mapper().createObjectNode();
    document.put("rootFingerprint", Fingerprints.of(root()));
    document.put("rootKeyPresent", rootKeyPresent);
    document.put("root", Pem.of(root()));
    var items = document.putArray("certificates");
    certificates.forEach(
        (name, certificate) ->
            items
                .addObject()
                .put("name", name.word())
                .put("subject", certificate.getSubjectX500Principal().getName())
                .put("fingerprint", Fingerprints.of(certificate))
                .put("notBefore", certificate.getNotBefore().toInstant().toString())
                .put("notAfter", certificate.getNotAfter().toInstant().toString())
                .put("algorithm", algorithm(certificate))
                .put("pem", Pem.of(certificate)));
    Json.print(terminal, document);
  }

  public X509Certificate root() {
    var root = certificates.get(AuthorityName.ROOT);
    if (root == null) {
      throw new IllegalStateException("there is no root among the authorities");
    }
    return root;
  }

  private static String algorithm(X509Certificate certificate) {
    return certificate.getPublicKey() instanceof ECPublicKey key
        ? "EC P-" + key.getParams().getOrder().bitLength()
        : certificate.getPublicKey().getAlgorithm();
  }
}
