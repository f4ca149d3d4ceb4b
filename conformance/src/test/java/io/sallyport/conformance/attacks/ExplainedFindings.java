package io.sallyport.conformance.attacks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The findings of testssl.sh that THREATS.md explains, each for one of our two doors. */
record ExplainedFindings(Set<String> ids) {
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^\\| `([A-Za-z0-9_ <>-]+)` \\| (devices|operators|both) \\| [^|]{20,} \\|$");

  /** Those of a door. */
  static ExplainedFindings of(String door) throws IOException {
    var ids = new TreeSet<String>();
    ROW.matcher(Files.readString(Path.of("../THREATS.md")))
        .results()
        .filter(row -> row.group(2).equals(door) || row.group(2).equals("both"))
        .forEach(row -> ids.add(row.group(1)));
    return new ExplainedFindings(ids);
  }

  boolean explain(String id) {
    return ids.contains(id);
  }
}
