package io.sallyport.app.configuration;

import java.util.List;

/** Keys of the certificate for public names, which an ACME server issues (RFC 8555). */
public final class AcmeKeys {
  /** How names are proven. */
  public enum Challenge {
    HTTP_01,
    TLS_ALPN_01
  }

  public static final Key<String> DIRECTORY =
      Key.text(
          "acme.directory",
          "URL, https://",
          "",
          "The directory of an ACME server, such as"
              + " `https://acme-v02.api.letsencrypt.org/directory`, which issues a certificate for"
              + " `acme.domains`. Without it there is none.");
  public static final Key<List<String>> DOMAINS =
      Key.texts(
          "acme.domains",
          "DNS names, at most 25",
          List.of(),
          "Public names of this server, none of them in `names`: whoever calls it by one of them is"
              + " shown that certificate, everybody else the one that devices know.");
  public static final Key<Boolean> TERMS_AGREED =
      Key.flag(
          "acme.terms-agreed",
          false,
          "Whether you agree to the terms of service of that server; nothing is asked of it"
              + " before.");
  public static final Key<String> CONTACT =
      Key.text(
          "acme.contact", "mail address", "", "Where its operators can reach you; may be empty.");
  public static final Key<Challenge> CHALLENGE =
      Key.choice(
          "acme.challenge",
          Challenge.class,
          Challenge.HTTP_01,
          "How it sees that the names are yours: a page at `pki.http-listen`, to which port 80 of"
              + " the names must lead, or a handshake at the gate, to which their port 443 must"
              + " lead.");
  public static final Key<String> CA_FILE =
      Key.text(
          "acme.ca-file",
          "path",
          "",
          "Certificates (PEM) that the directory's own is verified by, instead of those that Java"
              + " trusts; for a server of your own.");
  public static final Key<String> ACCOUNT_ID =
      Key.text(
          "acme.external-account-id",
          "text",
          "",
          "What your account at that authority is called, if it wants one that was there before"
              + " (external account binding).");
  public static final Key<String> ACCOUNT_KEY_FILE =
      Key.text(
          "acme.external-account-key-file",
          "path",
          "",
          "A file, mode 0600, with its key, in base64url as the authority gave it.");

  static final List<Key<?>> ALL =
      List.of(
          DIRECTORY,
          DOMAINS,
          TERMS_AGREED,
          CONTACT,
          CHALLENGE,
          CA_FILE,
          ACCOUNT_ID,
          ACCOUNT_KEY_FILE);

  private AcmeKeys() {}
}
