package io.sallyport.identity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/** The textual attributes of a certificate's subject or issuer, by the names AWS IoT gives them. */
final class DistinguishedName {
  static final String COMMON_NAME = "CommonName";

  private static final Map<String, String> NAMES_BY_OID =
      Map.ofEntries(
          Map.entry("2.5.4.3", COMMON_NAME),
          Map.entry("2.5.4.4", "Surname"),
          Map.entry("2.5.4.5", "SerialNumber"),
          Map.entry("2.5.4.6", "Country"),
          Map.entry("2.5.4.8", "State"),
          Map.entry("2.5.4.10", "Organization"),
          Map.entry("2.5.4.11", "OrganizationalUnit"),
          Map.entry("2.5.4.12", "Title"),
          Map.entry("2.5.4.42", "GivenName"),
          Map.entry("2.5.4.43", "Initials"),
          Map.entry("2.5.4.44", "GenerationQualifier"),
          Map.entry("2.5.4.46", "DistinguishedNameQualifier"),
          Map.entry("2.5.4.65", "Pseudonym"));

  private DistinguishedName() {}

  /** Every value of every attribute that has a name there, in the order of the certificate. */
  static Map<String, List<String>> attributes(X500Principal principal) {
    var values = new LinkedHashMap<String, List<String>>();
    try {
      var rdns = new LdapName(principal.getName(X500Principal.RFC2253, NAMES_BY_OID)).getRdns();
      // LdapName counts from the right-hand end, which is where a certificate begins.
      for (var rdn : rdns) {
        var set = rdn.toAttributes().getAll();
        while (set.hasMore()) {
          var attribute = set.next();
          if (NAMES_BY_OID.containsValue(attribute.getID())) {
            addTexts(values, attribute);
          }
        }
      }
    } catch (InvalidNameException e) {
      throw new IllegalStateException("a parsed name has an RFC 2253 form", e);
    } catch (NamingException e) {
      throw new IllegalStateException("a name in memory can be listed", e);
    }
    return new TreeMap<>(values);
  }

  private static void addTexts(Map<String, List<String>> values, Attribute attribute)
      throws NamingException {
    var all = attribute.getAll();
    while (all.hasMore()) {
      // A value of a type that is not text comes as bytes, and names nobody.
      if (all.next() instanceof String text) {
        values.computeIfAbsent(attribute.getID(), _ -> new ArrayList<>()).add(text);
      }
    }
  }
}
