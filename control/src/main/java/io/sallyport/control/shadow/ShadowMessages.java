package io.sallyport.control.shadow;

import static io.sallyport.control.shadow.ShadowDocument.number;

import io.sallyport.control.messaging.Publication;
import io.sallyport.control.shadow.JsonValue.Members;
import io.sallyport.control.shadow.JsonValue.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The response documents (AWS IoT developer guide, "Response state documents"). */
final class ShadowMessages {
  private ShadowMessages() {}

  /** What is published after an update. */
  static List<Publication> updated(
      Instant at, ShadowId id, ShadowRequest request, ShadowDocument before, ShadowDocument after) {
    var publications = new ArrayList<Publication>();
    publications.add(publication(id, "update/accepted", accepted(at, request, after.version())));
    var delta = after.delta();
    // Who only reports is not told again and again of what is still open, but of what is new.
    if (!delta.isEmpty()
        && (request.desired() != null || !delta.state().equals(before.delta().state()))) {
      publications.add(
          publication(
              id,
              "update/delta",
              document(
                  delta.state(), delta.metadata(), after.version(), at, request.clientToken())));
    }
    var documents = new LinkedHashMap<String, JsonValue>();
    documents.put("previous", before.snapshot());
    documents.put("current", after.snapshot());
    documents.put("timestamp", number(at.getEpochSecond()));
    addToken(documents, request.clientToken());
    publications.add(publication(id, "update/documents", new Members(documents)));
    return publications;
  }

  /** An update, as it was asked for. */
  static Members accepted(Instant at, ShadowRequest request, long version) {
    var states = new LinkedHashMap<String, JsonValue>();
    var times = new LinkedHashMap<String, JsonValue>();
    addChange(states, times, "desired", request.desired(), at);
    addChange(states, times, "reported", request.reported(), at);
    return document(new Members(states), new Members(times), version, at, request.clientToken());
  }

  private static void addChange(
      LinkedHashMap<String, JsonValue> states,
      LinkedHashMap<String, JsonValue> times,
      String name,
      @Nullable JsonValue change,
      Instant at) {
    if (change != null) {
      states.put(name, change);
      if (change instanceof Members members) {
        times.put(name, Section.stampedChange(members, at.getEpochSecond()));
      }
    }
  }

  /** A whole shadow. */
  static Members shown(Instant at, ShadowRequest request, ShadowDocument document) {
    var shown = document.shown();
    return document(shown.state(), shown.metadata(), document.version(), at, request.clientToken());
  }

  /** The answer to a deletion. */
  static Members deleted(Instant at, ShadowRequest request, long version) {
    var members = new LinkedHashMap<String, JsonValue>();
    members.put("version", number(version));
    members.put("timestamp", number(at.getEpochSecond()));
    addToken(members, request.clientToken());
    return new Members(members);
  }

  /** The answer to what is refused. */
  static Members rejected(Instant at, ShadowError error, @Nullable String clientToken) {
    var members = new LinkedHashMap<String, JsonValue>();
    members.put("code", number(error.code()));
    members.put("message", new Text(error.message()));
    members.put("timestamp", number(at.getEpochSecond()));
    addToken(members, clientToken);
    return new Members(members);
  }

  static Publication publication(ShadowId id, String end, Members payload) {
    return new Publication(id.topic() + "/" + end, JsonText.write(payload));
  }

  private static Members document(
      Members state, Members metadata, long version, Instant at, @Nullable String clientToken) {
    var members =
        new LinkedHashMap<>(
            ShadowDocument.ordered(
                "state", state, "metadata", metadata, "version", number(version)));
    members.put("timestamp", number(at.getEpochSecond()));
    addToken(members, clientToken);
    return new Members(members);
  }

  private static void addToken(
      LinkedHashMap<String, JsonValue> members, @Nullable String clientToken) {
    if (clientToken != null) {
      members.put("clientToken", new Text(clientToken));
    }
  }
}
