package io.sallyport.policy;

import io.sallyport.policy.MalformedPolicy.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The grammar of a policy document. */
final class DocumentReader {
  private static final String VERSION = "2012-10-17";
  private static final String VERSION_WITHOUT_VARIABLES = "2008-10-17";
  private static final int NAME_MAX = 128;

  private final StrictJson json;
  private final Mode mode;
  private final List<Unread> unread = new ArrayList<>();
  private @Nullable Text version;
  private boolean statementSeen;

  /** A statement whose resources wait for the version, which may stand behind it. */
  private record Unread(
      String sid,
      Effect effect,
      Set<Action> actions,
      List<Text> resources,
      boolean excluding,
      List<ConditionReader.Unread> conditions,
      Place at) {
    Statement read(boolean variables) throws MalformedPolicy {
      var patterns = new ArrayList<ResourcePattern>();
      for (var resource : resources) {
        patterns.add(ResourcePattern.parse(resource, variables));
      }
      var needed = new ArrayList<Condition>();
      for (var condition : conditions) {
        needed.add(condition.read(variables));
      }
      return new Statement(sid, effect, actions, patterns, excluding, needed, at);
    }
  }

  private DocumentReader(StrictJson json, Mode mode) {
    this.json = json;
    this.mode = mode;
  }

  static List<Statement> read(String text, Mode mode) throws MalformedPolicy {
    try (var json = new StrictJson(text)) {
      return new DocumentReader(json, mode).document();
    }
  }

  private List<Statement> document() throws MalformedPolicy {
    var start = json.place();
    json.object("a policy", this::member);
    json.end();
    if (!statementSeen) {
      throw start.refuse(Reason.MISSING_OR_CONFLICTING_MEMBER, "the policy has no 'Statement'");
    }
    boolean variables = hasVariables(start);
    var statements = new ArrayList<Statement>();
    for (var one : unread) {
      statements.add(one.read(variables));
    }
    return List.copyOf(statements);
  }

  private boolean hasVariables(Place start) throws MalformedPolicy {
    if (version != null && version.value().equals(VERSION)) {
      return true;
    }
    // Only imported documents: in the language of 2008, also meant by none, ${...} is plain text.
    if (mode == Mode.AWS_COMPAT
        && (version == null || version.value().equals(VERSION_WITHOUT_VARIABLES))) {
      return false;
    }
    throw (version == null ? start : version.at())
        .refuse(Reason.VERSION, "'Version' must be '" + VERSION + "'");
  }

  private void member(Text name) throws MalformedPolicy {
    switch (name.value()) {
      case "Version" -> version = json.text("'Version'");
      case "Id" -> json.text("'Id'").printable(NAME_MAX);
      case "Statement" -> {
        statementSeen = true;
        json.listOrOne("'Statement'", () -> unread.add(new StatementReader().read()));
      }
      default -> throw unknown(name, "policy");
    }
  }

  private static MalformedPolicy unknown(Text name, String where) {
    return name.refuse(
        Reason.UNKNOWN_MEMBER, "unknown member of a " + where + ": " + name.quoted());
  }

  /** One statement, member by member. */
  private final class StatementReader {
    private String sid = "";
    private @Nullable Effect effect;
    private @Nullable List<Text> actions;
    private @Nullable List<Text> resources;
    private List<ConditionReader.Unread> conditions = List.of();
    private boolean exceptActions;
    private boolean exceptResources;

    Unread read() throws MalformedPolicy {
      var start = json.place();
      json.object("a statement", this::member);
      if (effect == null) {
        throw start.refuse(Reason.MISSING_OR_CONFLICTING_MEMBER, "the statement has no 'Effect'");
      }
      if (actions == null) {
        throw start.refuse(
            Reason.MISSING_OR_CONFLICTING_MEMBER,
            "the statement has neither 'Action' nor 'NotAction'");
      }
      if (resources == null) {
        throw start.refuse(
            Reason.MISSING_OR_CONFLICTING_MEMBER,
            "the statement has neither 'Resource' nor 'NotResource'");
      }
      return new Unread(
          sid, effect, covered(actions), resources, exceptResources, conditions, start);
    }

    private void member(Text name) throws MalformedPolicy {
      switch (name.value()) {
        case "Sid" -> sid = json.text("'Sid'").printable(NAME_MAX).value();
        case "Effect" -> effect = effect();
        case "Action", "NotAction" -> {
          exceptActions = name.value().equals("NotAction");
          actions = once(actions, name, "'Action' and 'NotAction' exclude each other");
        }
        case "Resource", "NotResource" -> {
          exceptResources = name.value().equals("NotResource");
          resources = once(resources, name, "'Resource' and 'NotResource' exclude each other");
        }
        case "Condition" -> conditions = new ConditionReader(json, mode).read();
        default -> throw unknown(name, "statement");
      }
    }

    private List<Text> once(@Nullable List<Text> before, Text name, String otherwise)
        throws MalformedPolicy {
      if (before != null) {
        throw name.refuse(Reason.MISSING_OR_CONFLICTING_MEMBER, otherwise);
      }
      return json.texts("'" + name.value() + "'");
    }

    private Effect effect() throws MalformedPolicy {
      var text = json.text("'Effect'");
      return switch (text.value()) {
        case "Allow" -> Effect.ALLOW;
        case "Deny" -> Effect.DENY;
        default ->
            throw text.refuse(
                Reason.EFFECT, "'Effect' must be 'Allow' or 'Deny', not " + text.quoted());
      };
    }

    private Set<Action> covered(List<Text> patterns) throws MalformedPolicy {
      var named = EnumSet.noneOf(Action.class);
      for (var pattern : patterns) {
        named.addAll(ActionWords.meantBy(pattern));
      }
      return exceptActions ? EnumSet.complementOf(named) : named;
    }
  }
}
