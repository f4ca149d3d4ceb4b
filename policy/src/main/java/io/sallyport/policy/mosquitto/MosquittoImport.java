package io.sallyport.policy.mosquitto;

import io.sallyport.identity.PrincipalId;
import io.sallyport.policy.PolicySet;
import io.sallyport.policy.mosquitto.AclLine.Scope;
import io.sallyport.policy.mosquitto.Translation.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The policies that give principals the rights that users had at a Mosquitto broker: a principal's
 * id is the user name. What is not kept exactly is named, and never allows more than it did.
 */
public final class MosquittoImport {
  private static final String PATTERNS = "mosquitto-patterns";
  private static final String USER = "mosquitto-user-";

  /** A document to put. */
  public record Policy(String name, String json) {}

  /** How well a line is kept. */
  public enum Kept {
    /** It says the same here. */
    EXACT,
    /** Less is allowed here than there. */
    STRICTER,
    /** Nothing of what it allows is allowed here. */
    DROPPED,
    /** Nobody is under this rule. */
    DEAD
  }

  /**
   * What became of a rule.
   *
   * @param policies which policies say it
   * @param why what is lost, if anything
   */
  public record Line(int number, String text, Kept kept, Set<String> policies, List<String> why) {}

  private final AclFile file;
  private final @Nullable MosquittoConf conf;
  private final List<Policy> policies = new ArrayList<>();
  private final Map<String, List<String>> attachments = new LinkedHashMap<>();
  private final Map<Integer, Outcome> outcomes = new TreeMap<>();
  private final Set<String> inexactUsers = new LinkedHashSet<>();
  private final List<Finding> findings;
  private List<String> patternPolicies = List.of();
  private boolean patternsExact = true;
  private @Nullable Translation everybody;

  /** What is known of a line while users are translated one after the other. */
  private static final class Outcome {
    final Set<String> policies = new LinkedHashSet<>();
    final Set<String> why = new LinkedHashSet<>();
    final Set<Access> kept = EnumSet.noneOf(Access.class);
    boolean dead;
  }

  private MosquittoImport(AclFile file, @Nullable MosquittoConf conf) {
    this.file = file;
    this.conf = conf;
    file.lines().forEach(line -> outcomes.put(line.number(), new Outcome()));
    translateAnonymous();
    translateEverybody();
    file.users().forEach(this::translateUser);
    this.findings =
        new AclTraps(file, conf != null && conf.bindsClientId())
            .findings().stream()
                .sorted(Comparator.comparing(Finding::severity).thenComparingInt(Finding::line))
                .toList();
  }

  /** Translates a file. */
  public static MosquittoImport of(AclFile file) {
    return new MosquittoImport(file, null);
  }

  /** Translates a file that a broker with this configuration reads. */
  public static MosquittoImport of(AclFile file, MosquittoConf conf) {
    return new MosquittoImport(file, conf);
  }

  /** The documents. */
  public List<Policy> policies() {
    return policies;
  }

  /** The policies of each user that has rules of his own; nothing else may be attached to him. */
  public Map<String, List<String>> attachments() {
    return attachments;
  }

  /** The policies of everybody else. */
  public List<String> patternPolicies() {
    return patternPolicies;
  }

  /** The traps of the ACL file, the worst first. */
  public List<Finding> findings() {
    return findings;
  }

  /** Every rule in the order of the file. */
  public List<Line> lines() {
    return file.lines().stream().map(this::line).toList();
  }

  /** Whether nothing is lost. */
  public boolean isExact() {
    return lines().stream().allMatch(line -> line.kept() == Kept.EXACT || line.kept() == Kept.DEAD);
  }

  /** Whether a principal of this name may do exactly what this user might. */
  public boolean isExactFor(String user) {
    return attachments.containsKey(user) ? !inexactUsers.contains(user) : patternsExact;
  }

  private Line line(AclLine line) {
    var outcome = outcomes.getOrDefault(line.number(), new Outcome());
    return new Line(
        line.number(),
        line.text(),
        verdict(line, outcome),
        Set.copyOf(outcome.policies),
        List.copyOf(outcome.why));
  }

  private static Kept verdict(AclLine line, Outcome outcome) {
    if (outcome.dead) {
      return Kept.DEAD;
    }
    if (outcome.why.isEmpty()) {
      return Kept.EXACT;
    }
    return outcome.kept.isEmpty() && !line.denies() ? Kept.DROPPED : Kept.STRICTER;
  }

  private void translateAnonymous() {
    boolean dead = conf != null && !conf.allowsAnonymous();
    for (var line : file.anonymous()) {
      var outcome = outcome(line);
      outcome.dead = dead || line.denies();
      outcome.why.add("only clients without a user name are under it, and here are none");
    }
  }

  private void translateEverybody() {
    if (file.patterns().isEmpty()) {
      return;
    }
    var documents = documents();
    if (file.patterns().size() > Translation.RULES_MAX) {
      patternsExact = false;
      dropped(file.patterns(), tooMany());
      return;
    }
    var translation = Translation.of(null, List.of(), file.patterns());
    everybody = translation;
    patternsExact = translation.losses().isEmpty();
    translation.patternRules().forEach(rule -> add(rule, translation, documents));
    var names = put(PATTERNS, documents.texts());
    if (names.isEmpty()) {
      patternsExact = false;
      dropped(file.patterns(), tooMany());
      return;
    }
    patternPolicies = names;
    note(translation, translation.patternRules(), names, "");
  }

  private void translateUser(String user) {
    var own = file.of(new Scope.User(user));
    if (!PrincipalId.isValid(user)) {
      dropped(own, "no principal can have this name: 1 to 128 characters of A-Z a-z 0-9 : _ -");
      return;
    }
    attachments.put(user, List.of());
    if (own.size() + file.patterns().size() > Translation.RULES_MAX) {
      inexactUsers.add(user);
      dropped(own, tooMany());
      return;
    }
    var translation = Translation.of(user, own, file.patterns());
    boolean shared =
        file.patterns().isEmpty()
            || (everybody != null
                && !patternPolicies.isEmpty()
                && translation.hasPatternsOf(everybody));
    var documents = documents();
    var rules = new ArrayList<>(translation.ownRules());
    if (!shared) {
      rules.addAll(translation.patternRules());
    }
    rules.forEach(rule -> add(rule, translation, documents));
    var texts = documents.texts();
    int others = shared ? patternPolicies.size() : 0;
    var names =
        texts.size() + others > PolicySet.POLICIES_MAX
            ? List.<String>of()
            : put(USER + user, texts);
    if (names.isEmpty()) {
      inexactUsers.add(user);
      dropped(own, tooMany());
      return;
    }
    if (!translation.losses().isEmpty()) {
      inexactUsers.add(user);
    }
    var all = new ArrayList<>(names);
    if (shared) {
      all.addAll(patternPolicies);
    }
    attachments.put(user, List.copyOf(all));
    note(translation, rules, names, "for " + user + ": ");
  }

  private Documents documents() {
    return new Documents(conf == null || !conf.bindsClientId());
  }

  private static void add(Rule rule, Translation translation, Documents documents) {
    documents.add(rule, translation.kept(rule.line()));
  }

  /** Puts the texts under names, or nothing if a principal cannot have so many policies. */
  private List<String> put(String name, List<String> texts) {
    if (texts.size() > PolicySet.POLICIES_MAX) {
      return List.of();
    }
    var names = new ArrayList<String>();
    for (int i = 0; i < texts.size(); i++) {
      var full = i == 0 ? name : name + "-part-" + (i + 1);
      policies.add(new Policy(full, texts.get(i)));
      names.add(full);
    }
    return names;
  }

  private void note(Translation translation, List<Rule> rules, List<String> names, String whose) {
    for (var rule : rules) {
      var outcome = outcome(rule.line());
      outcome.policies.addAll(names);
      outcome.kept.addAll(translation.kept(rule.line()));
    }
    for (var loss : translation.losses()) {
      outcome(loss.line()).why.add(whose + loss.why());
    }
  }

  private void dropped(List<AclLine> lines, String why) {
    lines.forEach(line -> outcome(line).why.add(why));
  }

  private static String tooMany() {
    return "more rules than "
        + Translation.RULES_MAX
        + ", or more text than "
        + PolicySet.POLICIES_MAX
        + " policies hold";
  }

  private Outcome outcome(AclLine line) {
    return outcomes.computeIfAbsent(line.number(), _ -> new Outcome());
  }
}
