package io.sallyport.policy;

/** What is asked for, and the type of resource that it is asked of (AWS IoT policy actions). */
public enum Action {
  /** Every CONNECT; the name checked is the client id. */
  CONNECT("iot:Connect", "client"),
  /** Every PUBLISH and every Will; the name checked is the topic, after alias resolution. */
  PUBLISH("iot:Publish", "topic"),
  /** In addition to {@link #PUBLISH} when RETAIN is set. */
  RETAIN_PUBLISH("iot:RetainPublish", "topic"),
  /** Every filter of a SUBSCRIBE as sent, for a shared one without {@code $share/<group>/}. */
  SUBSCRIBE("iot:Subscribe", "topicfilter"),
  /** Every delivery; the name checked is the concrete topic. */
  RECEIVE("iot:Receive", "topic"),
  /** In addition to {@link #SUBSCRIBE} for a shared subscription; the name is the group's. */
  SHARE_GROUP("sallyport:ShareGroup", "sharegroup");

  private final String word;
  private final String resourceType;

  Action(String word, String resourceType) {
    this.word = word;
    this.resourceType = resourceType;
  }

  /** The action as documents write it. */
  public String word() {
    return word;
  }

  /** The word before the first {@code /} of the sixth ARN segment. */
  public String resourceType() {
    return resourceType;
  }
}
