package io.sallyport.identity;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The textual encoding of certificates, keys and requests (RFC 7468), read strictly: blocks of the
 * expected label with nothing but white space around them.
 */
public final class Pem {
  /** The label of a certificate. */
  public static final String CERTIFICATE = "CERTIFICATE";

  // Bound: longer text is refused unread; a chain of three certificates has about 3 KiB.
  private static final int LENGTH_MAX = 256 * 1024;

  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]{1,40})-----[ \\t]*\\r?\\n([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

  private Pem() {}

  /** One certificate. */
  public static String of(X509Certificate certificate) {
    return new String(encode(CERTIFICATE, der(certificate)), StandardCharsets.US_ASCII);
  }

  /** Several certificates one after the other, in the order given. */
  public static String of(List<X509Certificate> certificates) {
    var text = new StringBuilder();
    certificates.forEach(certificate -> text.append(of(certificate)));
    return text.toString();
  }

  /** One block of that label; as bytes, so that a private key can be wiped. */
  public static byte[] encode(String label, byte[] content) {
    var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(content);
    var begin = ("-----BEGIN " + label + "-----\n").getBytes(StandardCharsets.US_ASCII);
    var end = ("\n-----END " + label + "-----\n").getBytes(StandardCharsets.US_ASCII);
    var text = new byte[begin.length + body.length + end.length];
    System.arraycopy(begin, 0, text, 0, begin.length);
    System.arraycopy(body, 0, text, begin.length, body.length);
    System.arraycopy(end, 0, text, begin.length + body.length, end.length);
    Arrays.fill(body, (byte) 0);
    return text;
  }

  /** The content of a text's only block, whose label must be one of those given. */
  public static byte[] decode(String text, String... labels) throws MalformedPem {
    var blocks = blocks(text, List.of(labels));
    if (blocks.size() != 1) {
      throw new MalformedPem("expected exactly one PEM block: " + blocks.size());
    }
    return blocks.getFirst();
  }

  /** The contents of a text's blocks, at least one, whose labels must be among those given. */
  public static List<byte[]> decodeAll(String text, String... labels) throws MalformedPem {
    return List.copyOf(blocks(text, List.of(labels)));
  }

  /** The only certificate of a text. */
  public static X509Certificate certificate(String text) throws MalformedPem {
    return certificateOfDer(decode(text, CERTIFICATE));
  }

  /** The certificates of a text, at least one, in their order. */
  public static List<X509Certificate> certificates(String text) throws MalformedPem {
    var certificates = new ArrayList<X509Certificate>();
    for (var block : blocks(text, List.of(CERTIFICATE))) {
      certificates.add(certificateOfDer(block));
    }
    return List.copyOf(certificates);
  }

  /** The certificate of a DER form. */
  public static X509Certificate certificateOfDer(byte[] der) throws MalformedPem {
    try {
      var stream = new ByteArrayInputStream(der);
      var certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
      if (stream.available() > 0) {
        throw new MalformedPem("bytes after the certificate");
      }
      return certificate;
    } catch (CertificateException e) {
      throw new MalformedPem("not a certificate");
    }
  }

  private static List<byte[]> blocks(String text, List<String> labels) throws MalformedPem {
    if (text.length() > LENGTH_MAX) {
      throw new MalformedPem("longer than " + LENGTH_MAX + " characters");
    }
    var blocks = new ArrayList<byte[]>();
    var matcher = BLOCK.matcher(text);
    int end = 0;
    while (matcher.find()) {
      requireBlank(text.substring(end, matcher.start()));
      if (!labels.contains(matcher.group(1))) {
        throw new MalformedPem(
            "expected " + String.join(" or ", labels) + ": '" + matcher.group(1) + "'");
      }
      blocks.add(base64(matcher.group(2)));
      end = matcher.end();
    }
    requireBlank(text.substring(end));
    if (blocks.isEmpty()) {
      throw new MalformedPem("no PEM block");
    }
    return blocks;
  }

  private static void requireBlank(String between) throws MalformedPem {
    if (!between.isBlank()) {
      throw new MalformedPem("text outside of the PEM block");
    }
  }

  private static byte[] base64(String body) throws MalformedPem {
    try {
      var text = body.replaceAll("\\s", "");
      var content = Base64.getDecoder().decode(text);
      // Stray bits after the last byte would be a second spelling of the same content.
      if (Base64.getEncoder().encodeToString(content).equals(text)) {
        return content;
      }
    } catch (IllegalArgumentException e) {
      // Told below, in the same words.
    }
    throw new MalformedPem("not base64");
  }

  private static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate has a DER form", e);
    }
  }
}
