package io.sallyport.control.publication;

import io.sallyport.identity.CrlPartition;
import io.sallyport.identity.issuance.AuthorityName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A revocation list by what it is of.
 *
 * @param generation which authority of that name, from 1
 * @param partition the part of the authority's certificates; null when it is of all of them
 */
record ListName(AuthorityName authority, int generation, @Nullable CrlPartition partition) {
  private static final Pattern TEXT =
      Pattern.compile("(devices|servers)(?:-g([2-9]|[1-9][0-9]))?(?:-(0|[1-9][0-9]?))?");

  /** Every list of an authority, that of everything first; only devices are many. */
  static List<ListName> of(AuthorityName authority, int generation) {
    var names = new ArrayList<ListName>();
    names.add(new ListName(authority, generation, null));
    if (authority == AuthorityName.DEVICES) {
      for (int part = 0; part < CrlPartition.COUNT; part++) {
        names.add(new ListName(authority, generation, new CrlPartition(part)));
      }
    }
    return List.copyOf(names);
  }

  /** The list of that name, if there can be one. */
  static Optional<ListName> parse(String text) {
    var parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    var authority = AuthorityName.valueOf(parts.group(1).toUpperCase(Locale.ROOT));
    var generation = parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2));
    return of(authority, generation).stream().filter(name -> name.text().equals(text)).findFirst();
  }

  /** The word of an authority and its generation, as lists are kept by. */
  static String whose(AuthorityName authority, int generation) {
    return generation == 1 ? authority.word() : authority.word() + "-g" + generation;
  }

  /** Whose list it is, in a word. */
  String whose() {
    return whose(authority, generation);
  }

  /** As in the path where it is served, without its ending. */
  String text() {
    return partition == null ? whose() : whose() + "-" + partition.number();
  }
}
