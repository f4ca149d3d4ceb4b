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

  /** The common name of its certificate. */
  public String commonName() {
    return commonName;
  }

  /** The lower-case word in file names and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
