package io.sallyport.identity.issuance;

import java.security.KeyPair;

/**
 * Where private keys are made, kept and used without ever leaving it, such as a token. The private
 * keys that it hands out only name what is inside.
 */
public interface KeyHome {
  /** What a key is for; each has a place of its own. */
  enum Use {
    ROOT,
    DEVICES,
    SERVERS,
    TLS,
    TLS_BACKUP,
    COMMAND;

    static Use of(AuthorityName name) {
      return valueOf(name.name());
    }
  }

  /**
   * Makes a key that cannot be taken out.
   *
   * @param place what {@link #place} says of its use
   * @param curve as the JDK names it
   * @throws IssuanceUnavailable when there is one of that name already, or the home is out of reach
   */
  KeyPair generate(String place, String curve);

  /**
   * The key of that name.
   *
   * @throws IssuanceUnavailable when it is not there
   */
  KeyPair find(String place);

  /** Whether keys of that use are made here at all. */
  boolean holds(Use use);

  /** The name that keys of that use get. */
  String place(Use use);

  /** A name that is free, for a key that comes after one of that name. */
  String successor(String place);

  /** Destroys a key for good. */
  void destroy(String place);

  /** Where a key is, as a URI (RFC 7512) without any secret. */
  String uri(String place);
}
