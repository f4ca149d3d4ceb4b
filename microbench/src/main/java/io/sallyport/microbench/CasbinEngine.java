package io.sallyport.microbench;

import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;

/** jcasbin with its own prefix matching, deny before allow. */
final class CasbinEngine implements Engine {
  private static final String MODEL =
      """
      [request_definition]
      r = sub, obj, act

      [policy_definition]
      p = sub, obj, act, eft

      [policy_effect]
      e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

      [matchers]
      m = r.sub == p.sub && r.act == p.act && keyMatch(r.obj, p.obj)
      """;

  private final Enforcer enforcer;

  CasbinEngine(Rules rules) {
    var model = new Model();
    model.loadModelFromText(MODEL);
    enforcer = new Enforcer(model);
    enforcer.enableLog(false);
    for (var rule : rules.all()) {
      enforcer.addPolicy(
          Rules.DEVICE, rule.prefix() + "*", "publish", rule.allows() ? "allow" : "deny");
    }
  }

  @Override
  public boolean allows(String topic) {
    return enforcer.enforce(Rules.DEVICE, topic, "publish");
  }
}
