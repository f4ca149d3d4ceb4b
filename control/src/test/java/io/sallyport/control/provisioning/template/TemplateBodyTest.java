package io.sallyport.control.provisioning.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateBodyTest {
  private static final String CERTIFICATE =
      "'certificate':{'Type':'AWS::IoT::Certificate','Properties':{"
          + "'CertificateId':{'Ref':'AWS::IoT::Certificate::Id'},'Status':'ACTIVE'}}";
  private static final String POLICY =
      "'policy':{'Type':'AWS::IoT::Policy','Properties':{'PolicyName':'p'}}";

  private static String thing(String properties) {
    return "'thing':{'Type':'AWS::IoT::Thing','Properties':{" + properties + "}}";
  }

  private static String resources(String thing) {
    return "'Resources':{" + thing(thing) + "," + CERTIFICATE + "," + POLICY + "}";
  }

  /** A template with a parameter {@code S}, whose thing has that name. */
  private static String named(String name) {
    return "{'Parameters':{'S':{'Type':'String'}}," + resources("'ThingName':" + name) + "}";
  }

  private static TemplateBody parse(String json) throws MalformedTemplate {
    return TemplateBody.parse(json.replace('\'', '"'));
  }

  private static ThingToBe made(String json, String... pairs) throws Exception {
    return parse(json)
        .evaluate("ab12", "cn-1", pairs.length == 0 ? Map.of() : Map.of(pairs[0], pairs[1]));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'''fixed'''                                                  | fixed",
        "{'Ref':'S'}                                                  | a_b_c",
        "{'Ref':'AWS::IoT::Certificate::Id'}                          | ab12",
        "{'Ref':'AWS::IoT::Certificate::CommonName'}                  | cn-1",
        "{'Fn::Join':['-',['x',{'Ref':'S'},'y']]}                     | x-a_b_c-y",
        "{'Fn::Join':['-',{'Fn::Split':['_',{'Ref':'S'}]}]}           | a-b-c",
        "{'Fn::Select':['1',{'Fn::Split':['_',{'Ref':'S'}]}]}         | b",
        "{'Fn::Select':[2,['x','y','z']]}                             | z",
        "{'Fn::Sub':'i-${S}-${AWS::IoT::Certificate::Id}-${!S}'}      | i-a_b_c-ab12-${S}",
        "{'Fn::Sub':'plain'}                                          | plain",
      })
  void evaluatesTheFunctionsOfAws(String expression, String expected) throws Exception {
    var written = expression.replace("''", "'");

    assertThat(made(named(written), "S", "a_b_c").name()).isEqualTo(expected);
  }

  @Test
  void makesAllOfAThing() throws Exception {
    var json =
        "{'Version':'2020','Description':'d','Parameters':{'S':{'Type':'String'},"
            + "'Site':{'Type':'String','Default':'n','Description':'where'},"
            + "'AWS::IoT::Certificate::Id':{'Type':'String'}},"
            + "'Mappings':{'M':{'n':{'url':'u1'},'s':{'url':'u2'}}},"
            + resources(
                "'ThingName':{'Ref':'S'},'AttributePayload':{'site':{'Ref':'Site'}},"
                    + "'ThingTypeName':'lamp','ThingGroups':['g','g',{'Ref':'Site'}]")
            + ",'DeviceConfiguration':{'u':{'Fn::FindInMap':['M',{'Ref':'Site'},'url']}}}";

    var thing = made(json, "S", "x1");

    assertThat(thing)
        .isEqualTo(
            new ThingToBe(
                "x1",
                Map.of("site", "n"),
                "lamp",
                java.util.List.of("g", "n"),
                java.util.List.of("p"),
                Map.of("u", "u1")));
    var parsed = parse(json);
    assertThat(parsed.namedPolicies()).containsExactly("p");
    assertThat(parsed.namedGroups()).containsExactly("g", "g");
    assertThat(parsed.json()).contains("Mappings");
    assertThatThrownBy(() -> parsed.evaluate("a", "b", Map.of("S", "x", "Site", "?")))
        .isInstanceOf(ParametersRefused.class)
        .hasMessageContaining("mapping 'M'");
  }

  @Test
  void aDeviceCannotSayWhatTheCertificateIs() throws Exception {
    var name = "{'Ref':'AWS::IoT::Certificate::CommonName'}";

    assertThat(
            parse(named(name))
                .evaluate(
                    "ab12", "cn-1", Map.of("S", "x", "AWS::IoT::Certificate::CommonName", "evil"))
                .name())
        .isEqualTo("cn-1");
  }

  @Test
  void takesOnlyParametersThatFit() throws Exception {
    var json =
        "{'Parameters':{'S':{'Type':'String','AllowedPattern':'[a-z]{1,4}'}},"
            + resources("'ThingName':{'Ref':'S'}")
            + "}";

    assertThat(made(json, "S", "abcd").name()).isEqualTo("abcd");
    assertThatThrownBy(() -> made(json)).hasMessage("parameter 'S' is missing");
    assertThatThrownBy(() -> made(json, "S", "../x")).hasMessageContaining("AllowedPattern");
    var free = named("{'Ref':'S'}");
    assertThatThrownBy(() -> made(free, "S", "a\u0000b")).hasMessageContaining("control character");
    // An answer with it could not be written, after the thing was registered.
    assertThatThrownBy(() -> made(free, "S", "a\ud800"))
        .isInstanceOf(ParametersRefused.class)
        .hasMessageContaining("half of a character");
    assertThatThrownBy(() -> made(free, "S", "x".repeat(TemplateBody.VALUE_MAX + 1)))
        .hasMessageContaining("longer than 800");
    assertThatThrownBy(
            () -> made(named("{'Fn::Select':['3',{'Fn::Split':['_',{'Ref':'S'}]}]}"), "S", "a"))
        .hasMessageContaining("number 3 of 1");
  }

  /** The attack is a device's text against an operator's careless pattern. */
  @Test
  void noPatternCanBeMadeToHang() throws Exception {
    var json =
        "{'Parameters':{'S':{'Type':'String','AllowedPattern':'(a+)+b'}},"
            + resources("'ThingName':{'Ref':'S'}")
            + "}";

    assertThatThrownBy(() -> made(json, "S", "a".repeat(700)))
        .isInstanceOf(ParametersRefused.class)
        .hasMessageContaining("AllowedPattern");
  }

  @Test
  void patternsMayRepeatUpToTheirBound() throws Exception {
    var json =
        "{'Parameters':{'S':{'Type':'String','AllowedPattern':'((){1000}){1000}[a-z]{3}'}},"
            + resources("'ThingName':{'Ref':'S'}")
            + "}";
    var fits = json.replace("[a-z]{3}", "[a-z]{1,800}");

    assertThatThrownBy(() -> parse(json)).hasMessageContaining("repetitions");
    assertThat(made(fits, "S", "abc").name()).isEqualTo("abc");
  }

  @Test
  void textsThatGrowAreBounded() throws Exception {
    var sub = "{'Fn::Sub':'" + "${S}".repeat(50) + "'}";
    var joined = "{'Fn::Join':['',[" + "{'Ref':'S'},".repeat(50) + "'']]}";

    assertThatThrownBy(() -> made(named(sub), "S", "x".repeat(800)))
        .hasMessageContaining("too long");
    assertThatThrownBy(() -> made(named(joined), "S", "x".repeat(800)))
        .hasMessageContaining("too long");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'Ref':'T'}                          | Resources.thing.Properties.ThingName.Ref: there is"
            + " no parameter 'T'",
        "{'Fn::GetAtt':['a','b']}             | ThingName.Fn::GetAtt: is no function",
        "{'Fn::Split':['_','a']}              | stands for a list",
        "{'Fn::Join':['-','a']}               | must be an object",
        "{'Fn::Join':['-',{'Ref':'S'}]}       | stands for a text, where a list",
        "{'Fn::Join':['-']}                   | must be a list of 2",
        "{'Fn::Select':['x',['a']]}           | must be a number from 0",
        "{'Fn::Select':['99',['a']]}          | must be a number from 0",
        "{'Fn::Join':['',{'Fn::Split':['','a']}]} | must not be empty",
        "{'Fn::Sub':['${x}',{'x':'y'}]}       | Fn::Sub is supported with one text",
        "{'Fn::Sub':'${x}'}                   | there is no parameter 'x'",
        "{'Fn::FindInMap':['M','a','b']}      | there is no mapping 'M'",
        "{'Ref':'S','Fn::Sub':'x'}            | must be a text or one function",
        "7                                    | must be an object",
      })
  void refusesExpressionsByPathAndReason(String expression, String why) {
    assertThatThrownBy(() -> parse(named(expression)))
        .isInstanceOf(MalformedTemplate.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'Policies':{}             | Policies: is no section",
        "'Parameters':{'N':{'Type':'Number'}} | Parameters.N.Type: the only type is String",
        "'Parameters':{'N':{}}     | Parameters.N: lacks Type",
        "'Parameters':{'N':{'Type':'String','Min':1}} | Parameters.N.Min",
        "'Parameters':{'N':{'Type':'String','AllowedPattern':'('}} | is no regular expression",
        "'Parameters':{'N':{'Type':'String','Default':'x','AllowedPattern':'y'}} | does not match",
        "'Parameters':{'N':{'Type':'String','AllowedPattern':'((){1000}){1001}'}} |"
            + " Parameters.N.AllowedPattern: demands more than 1000000 repetitions",
        "'Parameters':{'N':{'Type':'String','AllowedPattern':'^{2000000000}'}} | repetitions",
        "'Parameters':{'N N':{'Type':'String'}} | a parameter's name",
        "'Parameters':{'AWS::IoT::Certificate::Country':{'Type':'String'}} | of the certificate"
            + " there is",
        "'Parameters':[]           | Parameters: must be an object",
        "'Mappings':{'M':{'a':{'b':1}}} | Mappings.M.a.b: must be a text",
        "'DeviceConfiguration':{'a':{'b':{'c':'d'}}} | is no function",
        "'DeviceConfiguration':{'a':'\\ud800'} | DeviceConfiguration.a: has half of a character",
        "'DeviceConfiguration':{'\\ud800':'x'} | not JSON",
      })
  void refusesSectionsByPathAndReason(String section, String why) {
    assertThatThrownBy(() -> parse("{" + section + "," + resources("'ThingName':'x'") + "}"))
        .isInstanceOf(MalformedTemplate.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'ThingName':'x','BillingGroup':'b'    | Properties.BillingGroup: of a thing there is",
        "'ThingTypeName':'x'                   | lacks ThingName",
        "'ThingName':'x','ThingGroups':'g'     | must be a list",
      })
  void refusesPropertiesOfThings(String properties, String why) {
    assertThatThrownBy(() -> parse("{" + resources(properties) + "}")).hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'OverrideSettings':{'ThingTypeName':'REPLACE'},'Properties':{'ThingName':'x'} | only FAIL"
            + " is supported",
        "'DependsOn':'x','Properties':{'ThingName':'x'} | a resource has Type",
        "'Properties':[] | must be an object",
      })
  void refusesWhatWouldChangeAThingThatExists(String inner, String why) {
    var json =
        "{'Resources':{'thing':{'Type':'AWS::IoT::Thing',"
            + inner
            + "},"
            + CERTIFICATE
            + ","
            + POLICY
            + "}}";

    assertThatThrownBy(() -> parse(json)).hasMessageContaining(why);
  }

  @Test
  void needsOneThingACertificateAndAPolicy() throws Exception {
    var thing = thing("'ThingName':'x'");

    assertThatThrownBy(() -> parse("{}")).hasMessageContaining("lacks Resources");
    assertThatThrownBy(() -> parse("{'Resources':{" + CERTIFICATE + "," + POLICY + "}}"))
        .hasMessageContaining("exactly one AWS::IoT::Thing");
    assertThatThrownBy(() -> parse("{'Resources':{" + thing + "," + POLICY + "}}"))
        .hasMessageContaining("needs a AWS::IoT::Certificate");
    assertThatThrownBy(() -> parse("{'Resources':{" + thing + "," + CERTIFICATE + "}}"))
        .hasMessageContaining("needs a AWS::IoT::Policy");
    var override = "'OverrideSettings':{'a':'FAIL'},'Properties':{'ThingName':'x'}";
    assertThat(
            made("{'Resources':{'t':{'Type':'AWS::IoT::Thing',"
                    + override
                    + "},"
                    + CERTIFICATE
                    + ","
                    + POLICY
                    + "}}")
                .name())
        .isEqualTo("x");
    assertThatThrownBy(
            () ->
                parse(
                    "{'Resources':{"
                        + thing
                        + ","
                        + CERTIFICATE
                        + ","
                        + CERTIFICATE.replace("'certificate'", "'c2'")
                        + ","
                        + POLICY
                        + "}}"))
        .hasMessageContaining("more than one AWS::IoT::Certificate");
    assertThatThrownBy(
            () -> parse("{'Resources':{'x':{'Type':'AWS::S3::Bucket','Properties':{}}}}"))
        .hasMessageContaining("is AWS::IoT::Thing, ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'CertificateId':'x'                                     | must be {",
        "'CertificateId':{'Ref':'Other'}                         | must be {",
        "'CertificateSigningRequest':{'Ref':'CSR'}               | the one that the device asked"
            + " for",
        "'CertificateId':{'Ref':'AWS::IoT::Certificate::Id'},'Status':'Inactive' | only Active",
      })
  void takesNoOtherCertificate(String properties, String why) {
    var json =
        "{'Resources':{"
            + thing("'ThingName':'x'")
            + ","
            + POLICY
            + ",'c':{'Type':'AWS::IoT::Certificate','Properties':{"
            + properties
            + "}}}}";

    assertThatThrownBy(() -> parse(json)).hasMessageContaining(why);
  }

  @Test
  void refusesInlinePoliciesAndTooMuch() {
    var inline = "'policy':{'Type':'AWS::IoT::Policy','Properties':{'PolicyDocument':{}}}";
    var eleven = new StringBuilder();
    for (int i = 0; i < 11; i++) {
      eleven
          .append(",'p")
          .append(i)
          .append("':{'Type':'AWS::IoT::Policy','Properties':{'PolicyName':'p'}}");
    }
    var thing = thing("'ThingName':'x'");

    assertThatThrownBy(() -> parse("{'Resources':{" + thing + "," + inline + "}}"))
        .hasMessageContaining("attached by PolicyName");
    assertThatThrownBy(() -> parse("{'Resources':{" + thing + "," + CERTIFICATE + eleven + "}}"))
        .hasMessageContaining("more than 10 policies");
    assertThatThrownBy(
            () ->
                parse(
                    "{"
                        + resources("'ThingName':'x','ThingGroups':[" + "'g',".repeat(10) + "'g']")
                        + "}"))
        .hasMessageContaining("more than 10 groups");
    assertThatThrownBy(() -> parse("{'Description':'" + "x".repeat(TemplateBody.BYTES_MAX) + "'}"))
        .hasMessageContaining("10240 bytes");
    assertThatThrownBy(() -> parse("{'a':1,'a':2}")).hasMessageContaining("line 1");
    assertThatThrownBy(() -> parse("{} {}")).hasMessageContaining("not JSON");
    assertThatThrownBy(() -> parse("[".repeat(40))).hasMessageContaining("not JSON");
    var many = new StringBuilder("'A0':{'Type':'String'}");
    for (int i = 1; i <= TemplateBody.PARAMETERS_MAX; i++) {
      many.append(",'A").append(i).append("':{'Type':'String'}");
    }
    assertThatThrownBy(
            () -> parse("{'Parameters':{" + many + "}," + resources("'ThingName':'x'") + "}"))
        .hasMessageContaining("more than 50");
    var attributes = many.toString().replace("{'Type':'String'}", "'v'");
    assertThatThrownBy(
            () ->
                parse(
                    "{"
                        + resources("'ThingName':'x','AttributePayload':{" + attributes + "}")
                        + "}"))
        .hasMessageContaining("more than 50");
  }
}
