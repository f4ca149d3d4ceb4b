package io.sallyport.control.rest;

import io.sallyport.control.operators.Role;
import io.sallyport.control.provisioning.template.TemplateAnswer;
import io.sallyport.control.provisioning.template.TemplateBody;
import io.sallyport.control.provisioning.template.TemplateRecord;
import io.sallyport.control.provisioning.template.Templates;
import io.sallyport.control.rest.Route.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The calls about provisioning templates. */
final class TemplateRoutes {
  private static final String AT = "/api/v1/provisioning-templates";

  private final Templates templates;

  TemplateRoutes(Templates templates) {
    this.templates = templates;
  }

  record TemplateView(String name, boolean hook, Object body, String changedBy, Instant changedAt) {
    static TemplateView of(TemplateRecord template) {
      return new TemplateView(
          template.name(),
          template.asksHook(),
          Json.tree(template.body()),
          template.changedBy(),
          template.changedAt());
    }
  }

  List<Route> routes() {
    var one = AT + "/{name}";
    return List.of(
        Route.get(AT, Role.VIEWER, this::list),
        Route.get(one, Role.VIEWER, this::show),
        // What policies devices get is a matter of security.
        new Route("PUT", one, Role.SECURITY, TemplateBody.BYTES_MAX, this::put),
        new Route("DELETE", one, Role.SECURITY, 0, this::delete));
  }

  private Answer list(Call call) {
    return Paging.of(call, "templates", templates::page, TemplateRecord::name, TemplateView::of);
  }

  private Answer show(Call call) {
    var name = call.path("name");
    return Answer.ok(
        TemplateView.of(
            templates
                .find(name)
                .orElseThrow(
                    () -> new Problem(404, "template-unknown", "no template '" + name + "'"))));
  }

  private Answer put(Call call) {
    return answer(templates.put(call.path("name"), call.text(), call.flag("hook"), call.actor()));
  }

  private Answer delete(Call call) {
    return answer(templates.delete(call.path("name"), call.actor()));
  }

  private static Answer answer(TemplateAnswer answer) {
    return switch (answer) {
      case TemplateAnswer.Shown(var template) -> Answer.ok(TemplateView.of(template));
      case TemplateAnswer.Deleted(var name) -> Answer.ok(Map.of("deleted", name));
      case TemplateAnswer.Refused(var why, var reason, var detail) ->
          throw new Problem(
              switch (why) {
                case MALFORMED -> 400;
                case UNKNOWN -> 404;
                case CONFLICT -> 409;
              },
              reason,
              detail);
    };
  }
}
