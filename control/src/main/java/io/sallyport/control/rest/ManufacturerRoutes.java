package io.sallyport.control.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.sallyport.control.enrolment.authority.NewcomerTerms;
import io.sallyport.control.enrolment.manufacturer.ManufacturerAnswer;
import io.sallyport.control.enrolment.manufacturer.ManufacturerRecord;
import io.sallyport.control.enrolment.manufacturer.Manufacturers;
import io.sallyport.control.enrolment.manufacturer.SerialRecord;
import io.sallyport.control.operators.Role;
import io.sallyport.control.rest.Route.Answer;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.manufacturer.SerialSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The calls about manufacturers whose certificates introduce devices. */
final class ManufacturerRoutes {
  private static final String AT = "/api/v1/manufacturers";

  private final Manufacturers manufacturers;

  ManufacturerRoutes(Manufacturers manufacturers) {
    this.manufacturers = manufacturers;
  }

  record NewManufacturer(
      @Nullable String name,
      @Nullable String ca,
      @Nullable String serialFrom,
      @Nullable Boolean open,
      @Nullable String group,
      @Nullable Map<String, String> attributes,
      @Nullable String thingType,
      @Nullable List<String> policies,
      @Nullable Integer validityDays) {}

  record NewSerial(
      @Nullable String serial,
      @Nullable String id,
      @Nullable String group,
      @Nullable Map<String, String> attributes,
      @Nullable String thingType,
      @Nullable List<String> policies,
      @Nullable Integer validityDays) {}

  record NewSerials(@Nullable List<NewSerial> serials) {}

  record SerialNames(@Nullable List<String> serials) {}

  @JsonInclude(Include.NON_NULL)
  record ManufacturerView(
      String name,
      String fingerprint,
      String subject,
      Instant notAfter,
      String serialFrom,
      boolean open,
      @Nullable String group,
      String thingType,
      Map<String, String> attributes,
      @Nullable List<String> policies,
      @Nullable Integer validityDays,
      long serials,
      long spent,
      String addedBy,
      Instant addedAt) {
    static ManufacturerView of(ManufacturerRecord manufacturer) {
      var terms = manufacturer.terms();
      var certificate = manufacturer.authority().certificate();
      return new ManufacturerView(
          manufacturer.name(),
          manufacturer.fingerprint().hex(),
          certificate.getSubjectX500Principal().getName(),
          certificate.getNotAfter().toInstant(),
          manufacturer.source().word(),
          manufacturer.isOpen(),
          manufacturer.group(),
          terms.thingType(),
          terms.attributes(),
          terms.policies(),
          terms.validityDays(),
          manufacturer.serials(),
          manufacturer.spent(),
          manufacturer.addedBy(),
          manufacturer.addedAt());
    }
  }

  @JsonInclude(Include.NON_NULL)
  record SerialView(
      String serial,
      String id,
      String state,
      @Nullable String group,
      String thingType,
      Map<String, String> attributes,
      @Nullable List<String> policies,
      @Nullable Integer validityDays) {
    static SerialView of(SerialRecord serial) {
      var terms = serial.terms();
      return new SerialView(
          serial.serial(),
          serial.device() == null ? serial.serial() : serial.device().value(),
          Views.word(serial.state()),
          serial.group(),
          terms.thingType(),
          terms.attributes(),
          terms.policies(),
          terms.validityDays());
    }
  }

  List<Route> routes() {
    var one = AT + "/{name}";
    return List.of(
        // Whom to believe is for those who may change everything; who comes is daily work.
        Route.post(AT, Role.SECURITY, this::add),
        Route.get(AT, Role.VIEWER, this::list),
        Route.get(one, Role.VIEWER, this::show),
        Route.post(one + "/remove", Role.SECURITY, this::remove),
        Route.get(one + "/serials", Role.VIEWER, this::serials),
        new Route("POST", one + "/serials", Role.OPERATOR, Route.BATCH_BODY_MAX, this::addSerials),
        Route.post(one + "/serials/remove", Role.OPERATOR, this::removeSerials),
        Route.post(one + "/serials/revoke", Role.OPERATOR, this::revokeSerials));
  }

  private Answer add(Call call) {
    var body = call.body(NewManufacturer.class);
    var word = body.serialFrom() == null ? SerialSource.SERIAL_NUMBER.word() : body.serialFrom();
    var source =
        SerialSource.of(word)
            .orElseThrow(
                () ->
                    new Problem(
                        400,
                        "malformed-source",
                        "serialFrom is serialNumber, cn or hardwareModuleName"));
    var answer =
        manufacturers.add(
            new Manufacturers.Registration(
                Bodies.required(body.name(), "name"),
                Bodies.required(body.ca(), "ca"),
                source,
                Boolean.TRUE.equals(body.open()),
                EnrolmentRoutes.terms(
                    body.thingType(), body.attributes(), body.policies(), body.validityDays()),
                body.group()),
            call.actor());
    return answer instanceof ManufacturerAnswer.Shown(var manufacturer)
        ? Answer.created(ManufacturerView.of(manufacturer))
        : answer(answer);
  }

  private Answer list(Call call) {
    return Paging.of(
        call, "manufacturers", manufacturers::page, ManufacturerRecord::name, ManufacturerView::of);
  }

  private Answer show(Call call) {
    return Answer.ok(ManufacturerView.of(manufacturer(call)));
  }

  private ManufacturerRecord manufacturer(Call call) {
    var name = call.path("name");
    return manufacturers
        .find(name)
        .orElseThrow(
            () -> new Problem(404, "manufacturer-unknown", "no manufacturer '" + name + "'"));
  }

  private Answer remove(Call call) {
    call.emptyBody();
    return answer(manufacturers.remove(call.path("name"), call.actor()));
  }

  private Answer serials(Call call) {
    var name = manufacturer(call).name();
    return Paging.of(
        call,
        "serials",
        (after, limit) -> manufacturers.serials(name, after, limit),
        SerialRecord::serial,
        SerialView::of);
  }

  private Answer addSerials(Call call) {
    var manufacturer = manufacturer(call);
    var asked = Bodies.required(call.body(NewSerials.class).serials(), "serials");
    var serials = asked.stream().map(one -> serial(manufacturer, one)).toList();
    return answer(manufacturers.addSerials(manufacturer.name(), serials, call.actor()));
  }

  /** What its row does not say is as the manufacturer has it. */
  private static SerialRecord serial(ManufacturerRecord manufacturer, NewSerial asked) {
    var terms = manufacturer.terms();
    return new SerialRecord(
        Bodies.required(asked.serial(), "serial"),
        SerialRecord.State.OPEN,
        Optional.ofNullable(asked.id()).map(ManufacturerRoutes::id).orElse(null),
        new NewcomerTerms(
            asked.thingType() == null ? terms.thingType() : asked.thingType(),
            asked.attributes() == null ? terms.attributes() : asked.attributes(),
            asked.policies() == null ? terms.policies() : asked.policies(),
            asked.validityDays() == null ? terms.validityDays() : asked.validityDays()),
        asked.group() == null ? manufacturer.group() : asked.group(),
        null);
  }

  private static PrincipalId id(String text) {
    if (!PrincipalId.isCertifiable(text)) {
      throw new Problem(400, "malformed-id", "an id is 1 to 64 characters of A-Z a-z 0-9 : _ -");
    }
    return new PrincipalId(text);
  }

  private Answer removeSerials(Call call) {
    return answer(manufacturers.removeSerials(call.path("name"), named(call), call.actor()));
  }

  private Answer revokeSerials(Call call) {
    return answer(manufacturers.revokeSerials(call.path("name"), named(call), call.actor()));
  }

  private static List<String> named(Call call) {
    return Bodies.required(call.body(SerialNames.class).serials(), "serials");
  }

  private static Answer answer(ManufacturerAnswer answer) {
    return switch (answer) {
      case ManufacturerAnswer.Shown(var manufacturer) ->
          Answer.ok(ManufacturerView.of(manufacturer));
      case ManufacturerAnswer.Changed(var serials) -> Answer.ok(Map.of("changed", serials));
      case ManufacturerAnswer.Refused(var why, var reason, var detail) ->
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
