package io.sallyport.control.rest;

import io.sallyport.identity.MalformedPem;
import io.sallyport.identity.Pem;
import io.sallyport.identity.attestation.Evidence;
import io.sallyport.identity.attestation.EvidenceFormat;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Evidence as it comes in JSON: bytes in base64, registers in hexadecimal, certificates in PEM. */
final class EvidenceBody {
  // Bound: registers of a bank.
  private static final Pattern REGISTER = Pattern.compile("[0-9]|1[0-9]|2[0-3]");
  private static final int CHAIN_MAX = 8;

  private EvidenceBody() {}

  static EvidenceFormat format(@Nullable String word) {
    return EvidenceFormat.ofWord(Bodies.required(word, "format"))
        .orElseThrow(
            () -> new Problem(400, "malformed-format", "a format is psa, eat, tpm2 or dice"));
  }

  static Evidence of(Bodies.Attest body) {
    var format = format(body.format());
    return switch (format) {
      case PSA, EAT -> new Evidence.Token(format, base64(body.token(), "token"));
      case TPM2 ->
          new Evidence.Quote(
              base64(body.attested(), "attested"),
              base64(body.signature(), "signature"),
              registers(body));
      case DICE ->
          new Evidence.Chain(
              chain(Bodies.required(body.chain(), "chain")), base64(body.proof(), "proof"));
    };
  }

  private static SortedMap<Integer, byte[]> registers(Bodies.Attest body) {
    var registers = new TreeMap<Integer, byte[]>();
    for (var register : Bodies.required(body.registers(), "registers").entrySet()) {
      if (!REGISTER.matcher(register.getKey()).matches()) {
        throw new Problem(400, "malformed-register", "registers are numbered 0 to 23");
      }
      try {
        var value = HexFormat.of().parseHex(register.getValue());
        registers.put(Integer.valueOf(register.getKey()), value);
      } catch (IllegalArgumentException e) {
        throw new Problem(
            400, "malformed-register", "register " + register.getKey() + " is not hexadecimal");
      }
    }
    return registers;
  }

  private static List<X509Certificate> chain(List<String> pems) {
    if (pems.size() > CHAIN_MAX) {
      throw new Problem(400, "malformed-chain", "a chain has at most " + CHAIN_MAX + " members");
    }
    var chain = new ArrayList<X509Certificate>();
    for (var pem : pems) {
      try {
        chain.add(Pem.certificate(pem));
      } catch (MalformedPem e) {
        throw new Problem(400, "malformed-chain", "the chain: " + e.getMessage());
      }
    }
    return chain;
  }

  private static byte[] base64(@Nullable String text, String member) {
    try {
      return Base64.getDecoder().decode(Bodies.required(text, member));
    } catch (IllegalArgumentException e) {
      throw new Problem(400, "malformed-base64", "member '" + member + "' is not base64");
    }
  }
}
