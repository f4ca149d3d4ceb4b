package io.sallyport.identity.issuance;

import java.util.Locale;

/** The three authorities of an installation. */
public enum AuthorityName {
  /** The anchor that devices are flashed with; signs the other two and nothing else. */
  ROOT("Sallyport Root CA"),
  /** Signs devices and backends: whatever may open the device gate. */
  DEVICES("Sallyport Devices CA"),
  /** Signs our servers and operators, so neither ever opens the device gate. */
  SERVERS("Sallyport Servers CA");

  private final String commonName;

  AuthorityName(String commonName) {
    this.commonName = commonName;
  }

  /**
   * The common name of a certificate of it. Successors of an issuing authority have names of their
   * own; roots keep theirs, so that a link between two of them is self-issued and takes no part of
   * a path's length (RFC 5280, 6.1.4, (l)).
   *
   * @param generation which of them, from 1
   */
  public String commonName(int generation) {
    return this == ROOT || generation == 1 ? commonName : commonName + " G" + generation;
  }

  /** The lower-case word in file names and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
