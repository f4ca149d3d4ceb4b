package io.sallyport.control.publication;

import io.sallyport.identity.CrlPartition;
import io.sallyport.identity.issuance.AuthorityName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A revocation list by what it is of.
 *
 * @param partition the part of the authority's certificates; null when it is of all of them
 */
record ListName(AuthorityName authority, @Nullable CrlPartition partition) {
  /** Every list of an authority, that of everything first; only devices are many. */
  static List<ListName> of(AuthorityName authority) {
    var names = new ArrayList<ListName>();
    names.add(new ListName(authority, null));
    if (authority == AuthorityName.DEVICES) {
      for (int part = 0; part < CrlPartition.COUNT; part++) {
        names.add(new ListName(authority, new CrlPartition(part)));
      }
    }
    return List.copyOf(names);
  }

  /** The list of that name, if there is one. */
  static Optional<ListName> parse(String text) {
    return List.of(AuthorityName.DEVICES, AuthorityName.SERVERS).stream()
        .flatMap(authority -> of(authority).stream())
        .filter(name -> name.text().equals(text))
        .findFirst();
  }

  /** As in the path where it is served, without its ending. */
  String text() {
    return partition == null ? authority.word() : authority.word() + "-" + partition.number();
  }
}
