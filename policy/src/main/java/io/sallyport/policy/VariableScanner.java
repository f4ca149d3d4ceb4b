package io.sallyport.policy;

import io.sallyport.policy.GlobItem.Letter;
import io.sallyport.policy.GlobItem.Value;
import io.sallyport.policy.MalformedPolicy.Reason;
import java.util.ArrayList;
import java.util.List;

/** Takes a text apart into letters, wildcards and variables. */
final class VariableScanner {
  private final Text text;
  private final boolean wildcards;
  private final List<GlobItem> items = new ArrayList<>();

  /** Of a resource, in which there are wildcards. */
  VariableScanner(Text text) {
    this(text, true);
  }

  VariableScanner(Text text, boolean wildcards) {
    this.text = text;
    this.wildcards = wildcards;
  }

  List<GlobItem> items() throws MalformedPolicy {
    var value = text.value();
    int at = 0;
    while (at < value.length()) {
      if (value.startsWith("${", at)) {
        int end = value.indexOf('}', at);
        if (end < 0) {
          throw text.refuse(Reason.VARIABLE, "a variable without an end: " + text.quoted());
        }
        items.add(variable(value.substring(at + 2, end)));
        at = end + 1;
      } else {
        int letter = value.codePointAt(at);
        items.add(wildcards ? GlobItem.of(letter) : new Letter(letter));
        at += Character.charCount(letter);
      }
    }
    return items;
  }

  private GlobItem variable(String name) throws MalformedPolicy {
    return switch (name) {
      case "*", "?", "$" -> new Letter(name.charAt(0));
      default -> new Value(Variable.parse(name, text.at()));
    };
  }
}
