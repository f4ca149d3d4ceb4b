package io.sallyport.control.provisioning.template;

import java.util.Map;

/**
 * What expressions are evaluated with.
 *
 * @param texts parameters by their names, those of the certificate among them
 * @param mappings the template's tables: a map, a first key, a second key
 */
record Values(Map<String, String> texts, Map<String, Map<String, Map<String, String>>> mappings) {
  Values {
    texts = Map.copyOf(texts);
  }

  String of(String name) throws ParametersRefused {
    var value = texts.get(name);
    if (value == null) {
      throw new ParametersRefused("parameter '" + name + "' is needed");
    }
    return value;
  }
}
