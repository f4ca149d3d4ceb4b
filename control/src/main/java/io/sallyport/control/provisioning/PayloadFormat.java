package io.sallyport.control.provisioning;

import io.sallyport.control.provisioning.template.StrictJson;
import io.sallyport.identity.cose.CborReader;
import io.sallyport.identity.cose.CborText;
import io.sallyport.identity.cose.MalformedCbor;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a payload is written: the last level of its topic says so. */
enum PayloadFormat {
  JSON {
    @Override
    RequestPayload parse(byte[] payload) throws MalformedPayload {
      JsonNode root;
      try {
        root = MAPPER.readTree(payload);
      } catch (JacksonException e) {
        throw new MalformedPayload("not one JSON object, or a member twice");
      }
      if (!root.isObject() || root.size() > RequestPayload.MEMBERS_MAX) {
        throw new MalformedPayload("not a JSON object of at most 50 members");
      }
      var texts = new HashMap<String, String>();
      var maps = new HashMap<String, Map<String, String>>();
      for (var member : root.properties()) {
        if (member.getValue().isString()) {
          texts.put(member.getKey(), whole(member.getValue().asString()));
        } else if (member.getValue().isObject()) {
          maps.put(member.getKey(), inner(member.getKey(), member.getValue()));
        }
      }
      return new RequestPayload(texts, maps);
    }

    private Map<String, String> inner(String name, JsonNode object) throws MalformedPayload {
      if (object.size() > RequestPayload.MEMBERS_MAX) {
        throw new MalformedPayload("'" + name + "' has more than 50 members");
      }
      var texts = new HashMap<String, String>();
      for (var member : object.properties()) {
        if (!member.getValue().isString()) {
          throw new MalformedPayload("'" + name + "' is no object of texts");
        }
        texts.put(member.getKey(), whole(member.getValue().asString()));
      }
      return texts;
    }

    // RFC 8259, 8.2: an escaped half of a character is no text; in names Jackson says so.
    private String whole(String text) throws MalformedPayload {
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        throw new MalformedPayload("a text has half of a character");
      }
      return text;
    }

    @Override
    byte[] write(Map<String, Object> members) {
      return MAPPER.writeValueAsBytes(members);
    }
  },

  CBOR {
    @Override
    RequestPayload parse(byte[] payload) throws MalformedPayload {
      try {
        var members = CborReader.of(payload, RequestPayload.BYTES_MAX, "the payload").members();
        if (members.size() > RequestPayload.MEMBERS_MAX) {
          throw new MalformedPayload("not a CBOR map of at most 50 members");
        }
        var texts = new HashMap<String, String>();
        var maps = new HashMap<String, Map<String, String>>();
        for (var member : members.entrySet()) {
          if (member.getValue().isText()) {
            texts.put(member.getKey(), member.getValue().text());
          } else if (member.getValue().isMap()) {
            maps.put(member.getKey(), inner(member.getKey(), member.getValue()));
          }
        }
        return new RequestPayload(texts, maps);
      } catch (MalformedCbor e) {
        throw new MalformedPayload(String.valueOf(e.getMessage()));
      }
    }

    private Map<String, String> inner(String name, CborReader map)
        throws MalformedCbor, MalformedPayload {
      var texts = new HashMap<String, String>();
      for (var member : map.members().entrySet()) {
        texts.put(member.getKey(), member.getValue().text());
      }
      if (texts.size() > RequestPayload.MEMBERS_MAX) {
        throw new MalformedPayload("'" + name + "' has more than 50 members");
      }
      return texts;
    }

    @Override
    byte[] write(Map<String, Object> members) {
      return CborText.write(members);
    }
  };

  // Bound: levels of objects and lists; what a request means has two.
  private static final int DEPTH_MAX = 8;

  private static final JsonMapper MAPPER = StrictJson.mapper(DEPTH_MAX);

  /** Reads what a client sent; it is not longer than {@link RequestPayload#BYTES_MAX}. */
  final RequestPayload read(byte[] payload) throws MalformedPayload {
    if (payload.length > RequestPayload.BYTES_MAX) {
      throw new MalformedPayload("more than " + RequestPayload.BYTES_MAX + " bytes");
    }
    return parse(payload);
  }

  abstract RequestPayload parse(byte[] payload) throws MalformedPayload;

  /** Writes an answer of texts, numbers, and texts by names. */
  abstract byte[] write(Map<String, Object> members);
}
