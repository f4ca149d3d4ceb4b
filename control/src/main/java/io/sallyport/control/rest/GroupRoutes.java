package io.sallyport.control.rest;

import io.sallyport.control.groups.GroupAnswer;
import io.sallyport.control.groups.Groups;
import io.sallyport.control.operators.Role;
import io.sallyport.control.registry.GroupRecord;
import io.sallyport.control.rest.Route.Answer;
import java.util.List;
import java.util.function.Function;

/** The calls about groups; all that change one change rights. */
final class GroupRoutes {
  private final Groups groups;

  GroupRoutes(Groups groups) {
    this.groups = groups;
  }

  record MembersView(GroupRecord group, List<String> changed) {}

  record DeletedView(String name, long members) {}

  List<Route> routes() {
    var one = "/api/v1/groups/{name}";
    return List.of(
        Route.post("/api/v1/groups", Role.SECURITY, this::create),
        Route.get("/api/v1/groups", Role.VIEWER, this::list),
        Route.get(one, Role.VIEWER, call -> answer(groups.show(call.path("name")))),
        new Route("DELETE", one, Role.SECURITY, 0, this::delete),
        Route.get(one + "/members", Role.VIEWER, this::members),
        Route.post(one + "/members", Role.SECURITY, this::add),
        Route.post(one + "/members/remove", Role.SECURITY, this::remove),
        Route.post(one + "/policies", Role.SECURITY, this::attach),
        new Route("DELETE", one + "/policies/{policy}", Role.SECURITY, 0, this::detach));
  }

  private Answer create(Call call) {
    var name = Bodies.required(call.body(Bodies.NewGroup.class).name(), "name");
    return switch (groups.create(name, call.actor())) {
      case GroupAnswer.Shown(var group) -> Answer.created(group);
      case GroupAnswer other -> answer(other);
    };
  }

  private Answer list(Call call) {
    return Paging.of(
        call, "groups", (after, limit) -> groups.page(after, limit), GroupRecord::name, one -> one);
  }

  private Answer members(Call call) {
    var name = call.path("name");
    return Paging.of(
        call,
        "members",
        (after, limit) ->
            groups
                .members(name, after, limit)
                .orElseThrow(() -> new Problem(404, "group-unknown", "no group '" + name + "'")),
        Function.identity(),
        member -> member);
  }

  private Answer add(Call call) {
    return answer(
        groups.add(
            call.path("name"), principals(call), call.actor(), call.flag(Call.ALLOW_BREACH)));
  }

  private Answer remove(Call call) {
    return answer(
        groups.remove(
            call.path("name"), principals(call), call.actor(), call.flag(Call.ALLOW_BREACH)));
  }

  private Answer attach(Call call) {
    var policy = Bodies.required(call.body(Bodies.GroupPolicy.class).policy(), "policy");
    return answer(
        groups.attach(policy, call.path("name"), call.actor(), call.flag(Call.ALLOW_BREACH)));
  }

  private Answer detach(Call call) {
    return answer(
        groups.detach(
            call.path("policy"), call.path("name"), call.actor(), call.flag(Call.ALLOW_BREACH)));
  }

  private Answer delete(Call call) {
    return answer(
        groups.delete(
            call.path("name"), call.flag("force"), call.actor(), call.flag(Call.ALLOW_BREACH)));
  }

  private static List<String> principals(Call call) {
    return Bodies.required(call.body(Bodies.GroupMembers.class).principals(), "principals");
  }

  private static Answer answer(GroupAnswer answer) {
    return switch (answer) {
      case GroupAnswer.Shown(var group) -> Answer.ok(group);
      case GroupAnswer.Members(var group, var changed) ->
          Answer.ok(new MembersView(group, changed));
      case GroupAnswer.Deleted(var name, var members) -> Answer.ok(new DeletedView(name, members));
      case GroupAnswer.Refused(var why, var reason, var detail) ->
          throw new Problem(
              switch (why) {
                case MALFORMED -> 400;
                case UNKNOWN -> 404;
                case CONFLICT -> 409;
                case BREACH -> 422;
              },
              reason,
              detail);
    };
  }
}
