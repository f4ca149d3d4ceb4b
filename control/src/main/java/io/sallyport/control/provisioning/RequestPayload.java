package io.sallyport.control.provisioning;

import io.sallyport.control.provisioning.template.TemplateBody;
import java.util.Map;
import java.util.Optional;

/**
 * A request as both formats can say it: its members that are texts, and those that are texts by
 * names. Members of other kinds are left out, as AWS IoT passes them over.
 */
record RequestPayload(Map<String, String> texts, Map<String, Map<String, String>> maps) {
  /** Bound: bytes of a payload. */
  static final int BYTES_MAX = 16 << 10;

  /** Bound: members of the whole and of each map. */
  static final int MEMBERS_MAX = TemplateBody.PARAMETERS_MAX;

  RequestPayload {
    texts = Map.copyOf(texts);
    maps = Map.copyOf(maps);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(texts.get(name)).filter(text -> !text.isEmpty());
  }

  String need(String name) throws MalformedPayload {
    var text = text(name);
    if (text.isEmpty()) {
      throw new MalformedPayload("'" + name + "' is missing, or is no text");
    }
    return text.get();
  }

  /** The texts by names of a member; none if it is not there. */
  Map<String, String> map(String name) throws MalformedPayload {
    if (texts.containsKey(name)) {
      throw new MalformedPayload("'" + name + "' is no object of texts");
    }
    return maps.getOrDefault(name, Map.of());
  }
}
