package io.sallyport.policy;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/**
 * The compiled rights of one session. Used by one thread: its memo of recent names is not shared.
 */
public final class SessionPolicy {
  private final Template template;
  private final Slots slots;
  private final Facts facts;
  private final Marks marks;
  private final @Nullable Observer observer;
  // Made when it is first asked for, as most sessions are silent.
  private @Nullable EnumMap<Action, Memo> memos;

  private SessionPolicy(
      Template template, Slots slots, Facts facts, Marks marks, @Nullable Observer observer) {
    this.template = template;
    this.slots = slots;
    this.facts = facts;
    this.marks = marks;
    this.observer = observer;
  }

  /** The rights of this subject, {@link Mode#STRICT strictly}. */
  public static SessionPolicy compile(PolicySet set, Subject subject) {
    return compile(set, subject, Mode.STRICT);
  }

  /** The rights of this subject. */
  public static SessionPolicy compile(PolicySet set, Subject subject, Mode mode) {
    var facts = new Facts(subject, mode, RequestContext.NONE);
    var filled = set.templates().fill(subject, mode);
    return new SessionPolicy(filled.template(), filled.slots(), facts, Marks.NONE, null);
  }

  /** The same rights, whose use is noted in this log, and told to this observer if there is one. */
  public SessionPolicy watched(UsageLog log, @Nullable Observer by) {
    return new SessionPolicy(template, slots, facts, log.marksOf(template), by);
  }

  /** Whether the action on this name goes on; what is no valid UTF-8 name never does. */
  public boolean allows(Action action, byte[] utf8Name) {
    var ruling = ruling(action, utf8Name);
    marks.mark(ruling);
    boolean allowed = ruling.decision().isAllowed();
    if (allowed && observer != null) {
      observer.allowed(action, utf8Name, facts.request());
    }
    return allowed;
  }

  private Ruling ruling(Action action, byte[] utf8Name) {
    if (template.isLive(action)) {
      // What depends on the moment is not remembered.
      return decide(action, utf8Name, facts);
    }
    var memo = memo(action);
    int hash = Memo.hash(utf8Name);
    var known = memo.find(utf8Name, hash);
    if (known != null) {
      return known;
    }
    var ruling = decide(action, utf8Name, facts);
    memo.remember(utf8Name, hash, ruling);
    return ruling;
  }

  /** Notes that what was decided is used: a decision by itself is only an answer. */
  public void use(Action action, String name, RequestContext request) {
    var bytes = encoded(name);
    if (bytes != null) {
      var ruling = decide(action, bytes, new Facts(facts.subject(), facts.mode(), request));
      marks.mark(ruling);
      if (observer != null && ruling.decision().isAllowed()) {
        observer.allowed(action, bytes, request);
      }
    }
  }

  /** The same answer with the statement that decided it: of the denying ones the first, if any. */
  public Decision decide(Action action, String name) {
    return decide(action, name, facts);
  }

  /** The same for a request that says something of itself. */
  public Decision decide(Action action, String name, RequestContext request) {
    return decide(action, name, new Facts(facts.subject(), facts.mode(), request));
  }

  /**
   * Decides a well-formed filter of a SUBSCRIBE, with its share group if it has one.
   *
   * @param budget what searching costs is taken from it
   */
  public SubscribeDecision subscribe(String filter, SubscribeRule rule, SearchBudget budget) {
    var parts = SharedFilter.of(filter);
    var decision = decide(Action.SUBSCRIBE, parts.filter());
    if (!decision.isAllowed()) {
      return new SubscribeDecision.Refused(Action.SUBSCRIBE, parts.filter(), decision);
    }
    if (parts.group() != null) {
      decision = decide(Action.SHARE_GROUP, parts.group());
      if (!decision.isAllowed()) {
        return new SubscribeDecision.Refused(Action.SHARE_GROUP, parts.group(), decision);
      }
    }
    var granted = new SubscribeDecision.Granted(decision);
    return switch (rule) {
      case LITERAL -> granted;
      case INCLUSIVE -> parts.isWild() ? all(parts.filter(), granted, budget) : one(parts, granted);
    };
  }

  private SubscribeDecision one(SharedFilter parts, SubscribeDecision granted) {
    var received = decide(Action.RECEIVE, parts.filter());
    return received.isAllowed()
        ? granted
        : new SubscribeDecision.NotReceivable(parts.filter(), parts.filter(), received);
  }

  private SubscribeDecision all(String filter, SubscribeDecision granted, SearchBudget budget) {
    var result = Inclusion.check(filter, template.tree(Action.RECEIVE), slots, facts, budget);
    if (!result.isComplete()) {
      return new SubscribeDecision.TooComplex(filter);
    }
    var missing = result.missing();
    return missing == null
        ? granted
        : new SubscribeDecision.NotReceivable(filter, missing, decide(Action.RECEIVE, missing));
  }

  /** The same answer with every statement that nearly made it another one, and what would. */
  public Explanation explain(Action action, String name) {
    return explain(action, name, facts.request());
  }

  /** The same for a request that says something of itself. */
  public Explanation explain(Action action, String name, RequestContext request) {
    var known = new Facts(facts.subject(), facts.mode(), request);
    var bytes = encoded(name);
    return new Explainer(template.set(), known, action, name)
        .explain(decide(action, name, known), bytes != null && Utf8.isName(bytes));
  }

  private Decision decide(Action action, String name, Facts known) {
    var bytes = encoded(name);
    return bytes == null ? Template.nobodyAllows() : decide(action, bytes, known).decision();
  }

  private Ruling decide(Action action, byte[] name, Facts known) {
    return Utf8.isName(name) ? template.decide(action, name, slots, known) : Ruling.NOBODY;
  }

  private Memo memo(Action action) {
    var known = memos;
    if (known == null) {
      known = new EnumMap<>(Action.class);
      memos = known;
    }
    var memo = known.get(action);
    if (memo == null) {
      memo = new Memo();
      known.put(action, memo);
    }
    return memo;
  }

  /** Null for half a surrogate pair: String.getBytes would make a question mark of it. */
  private static byte @Nullable [] encoded(String name) {
    try {
      ByteBuffer buffer = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
      var bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
