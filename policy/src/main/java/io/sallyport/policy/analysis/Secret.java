package io.sallyport.policy.analysis;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a stored message should never hold. The patterns know a secret by its form, so what they
 * tell is rarely wrong; what is encrypted, compressed or in another encoding than ASCII they do not
 * see. Each takes a time that grows with the length of the text and no faster.
 */
public enum Secret {
  /** A PEM block of PKCS #8, PKCS #1, SEC 1, OpenSSH or OpenPGP. */
  PRIVATE_KEY("a private key", "-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
  /** A member or setting of that name, with a value that is no placeholder. */
  PASSWORD(
      "a password",
      setting("pass(?:word|wd|phrase)|pwd|psk|pre[_-]?shared[_-]?key|(?:client|shared)[_-]?secret"),
      "\\b[A-Za-z][A-Za-z0-9+.-]{0,20}://[^/\\s:@\"]{1,100}+:(?!@|[*x<$])[^/\\s@\"]{3,200}+@"),
  /** A JSON Web Token, a token of a well-known issuer, or a member of that name. */
  TOKEN(
      "a token",
      setting("(?:access|refresh|auth|api|bearer|session)[_-]?token|api[_-]?key|secret[_-]?key"),
      "(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}+\\.eyJ[A-Za-z0-9_-]{10,}+\\.[A-Za-z0-9_-]{16}",
      "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b",
      "\\bgh[pousr]_[A-Za-z0-9]{36}",
      "\\bxox[abprs]-[A-Za-z0-9-]{20}",
      "\\b(?i:bearer) [A-Za-z0-9._~+/-]{20}");

  private final String words;
  private final Pattern pattern;

  Secret(String words, String... patterns) {
    this.words = words;
    this.pattern = Pattern.compile(String.join("|", patterns));
  }

  /** In JSON, YAML or the form {@code name=value}; the name may have a prefix. */
  private static String setting(String names) {
    var name = "(?<![A-Za-z0-9_.-])(?i:[a-z0-9_.-]{0,40}?(?:" + names + "))";
    var placeholder = "(?![*]{3}|(?i:x{3}|null|none|true|false|redacted)|[<$%{])";
    return name + "\"?\\s{0,8}[:=]\\s{0,8}[\"']?" + placeholder + "[^\\s\"',;&]{6}";
  }

  /** What it is, for a sentence. */
  public String words() {
    return words;
  }

  /** What a payload holds; never the secrets themselves. */
  public static Set<Secret> in(byte[] payload) {
    // One letter for each byte, so that nothing that is no text hinders.
    return in(new String(payload, StandardCharsets.ISO_8859_1));
  }

  static Set<Secret> in(CharSequence text) {
    var found = EnumSet.noneOf(Secret.class);
    for (var secret : values()) {
      if (secret.pattern.matcher(text).find()) {
        found.add(secret);
      }
    }
    return found;
  }

  /** All of them in a sentence. */
  public static String words(Collection<Secret> secrets) {
    return String.join(" and ", secrets.stream().map(Secret::words).toList());
  }
}
