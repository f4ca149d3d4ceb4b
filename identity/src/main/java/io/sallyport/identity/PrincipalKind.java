package io.sallyport.identity;

import java.util.Locale;

/** What a certificate's subject is; part of its SAN URI, so a kind can never be mistaken. */
public enum PrincipalKind {
  DEVICE,
  BACKEND,
  OPERATOR;

  /** The lower-case word used in URIs, JSON and tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The SAN URI of a principal: {@code urn:sallyport:<kind>:<id>}. */
  public String uri(PrincipalId id) {
    return "urn:sallyport:" + word() + ":" + id.value();
  }
}
