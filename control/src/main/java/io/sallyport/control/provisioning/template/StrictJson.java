package io.sallyport.control.provisioning.template;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON of others, of which no member comes twice and after which nothing comes. */
public final class StrictJson {
  private StrictJson() {}

  /**
   * Reads and writes it.
   *
   * @param depthMax bound: levels of objects and lists
   */
  public static JsonMapper mapper(int depthMax) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(depthMax).build())
                .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }
}
