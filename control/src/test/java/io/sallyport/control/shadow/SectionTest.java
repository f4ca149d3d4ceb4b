package io.sallyport.control.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.control.shadow.JsonValue.Members;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How states are merged and compared: the developer guide's own examples, and the corners. */
class SectionTest {
  static Members object(String json) {
    try {
      return (Members) JsonText.read(json);
    } catch (MalformedJson e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  static String json(JsonValue value) {
    return new String(JsonText.write(value), StandardCharsets.UTF_8);
  }

  static Section section(String json) {
    return Section.EMPTY.merged(object(json), 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Only what is named changes; a new member goes to the end, an old one keeps its place.
        "{'a':1,'b':2}                | {'c':3,'a':4}          | {'a':4,'b':2,'c':3}",
        "{'color':{'r':10}}           | {'color':{'g':5}}      | {'color':{'r':10,'g':5}}",
        // The guide: arrays are replaced whole.
        "{'colors':['RED','GREEN','BLUE']} | {'colors':['RED']} | {'colors':['RED']}",
        "{'a':[1,{'x':1}]}            | {'a':[{'y':2}]}        | {'a':[{'y':2}]}",
        "{'a':[1]}                    | {'a':[]}               | {'a':[]}",
        // The guide: a null removes, at any depth; nothing is left of what is empty.
        "{'engine':'ON','a':1}        | {'engine':null}        | {'a':1}",
        "{'a':{'b':{'c':1,'d':2}}}    | {'a':{'b':{'c':null}}} | {'a':{'b':{'d':2}}}",
        "{'a':{'b':{'c':1}},'z':0}    | {'a':{'b':{'c':null}}} | {'z':0}",
        "{'a':1}                      | {'b':null}             | {'a':1}",
        "{'a':1}                      | {'b':{'c':null}}       | {'a':1}",
        "{'a':1}                      | null                   | {}",
        // What was an object becomes a value, and the other way about.
        "{'a':{'b':1}}                | {'a':5}                | {'a':5}",
        "{'a':5}                      | {'a':{'b':1}}          | {'a':{'b':1}}",
        "{'a':5}                      | {'a':{'b':null}}       | {}",
        // An object without anything in it says nothing.
        "{'a':{'b':1}}                | {'a':{}}               | {'a':{'b':1}}",
        "{'a':1}                      | {'b':{'c':{}}}         | {'a':1}",
        // Numbers stay as they are written, and so do texts.
        "{}                           | {'n':1.50,'m':-0,'e':1E+400,'s':'\\u0000ä'}"
            + " | {'n':1.50,'m':-0,'e':1E+400,'s':'\\u0000ä'}",
      })
  void isMerged(String before, String change, String after) throws Exception {
    var merged = section(quoted(before)).merged(JsonText.read(quoted(change)), 2);

    assertThat(json(merged.state())).isEqualTo(quoted(after));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // The guide's rules of update/delta, one after the other.
        "{'color':'RED','state':'STOP'} | {'color':'GREEN','engine':'ON'}"
            + " | {'color':'RED','state':'STOP'}",
        "{'on':true}                 | {'on':true}                | {}",
        "{}                          | {'on':true}                | {}",
        "{'on':true}                 | {}                         | {'on':true}",
        "{'lights':{'color':'RED'},'engine':'ON'} | {'lights':{'color':'GREEN'},'engine':'ON'}"
            + " | {'lights':{'color':'RED'}}",
        "{'a':{'b':{'c':1,'d':2}}}   | {'a':{'b':{'c':1,'d':3}}}  | {'a':{'b':{'d':2}}}",
        "{'a':{'b':1}}               | {'a':{'b':1,'x':2}}        | {}",
        "{'a':{'b':1}}               | {'a':7}                    | {'a':{'b':1}}",
        "{'a':7}                     | {'a':{'b':1}}              | {'a':7}",
        "{'a':[1,2]}                 | {'a':[2,1]}                | {'a':[1,2]}",
        "{'a':[1,2]}                 | {'a':[1]}                  | {'a':[1,2]}",
        "{'a':[{'x':1,'y':2}]}       | {'a':[{'y':2,'x':1}]}      | {}",
        "{'a':[{'x':1}]}             | {'a':[{'y':1}]}            | {'a':[{'x':1}]}",
        "{'a':[1]}                   | {'a':'1'}                  | {'a':[1]}",
        "{'a':'1'}                   | {'a':1}                    | {'a':'1'}",
        "{'a':true}                  | {'a':false}                | {'a':true}",
        // Numbers are compared by what they are.
        "{'a':20}                    | {'a':20.0}                 | {}",
        "{'a':20}                    | {'a':2.0e1}                | {}",
        "{'a':0}                     | {'a':-0.00}                | {}",
        "{'a':20}                    | {'a':20.1}                 | {'a':20}",
        "{'a':1e999999999}           | {'a':1}                    | {'a':1e999999999}",
        "{'a':1e999999999}           | {'a':10e999999998}         | {}",
        "{'a':1e99999999999}         | {'a':1}                    | {'a':1e99999999999}",
        "{'a':1e99999999999}         | {'a':1e99999999999}        | {}",
      })
  void differsIn(String desired, String reported, String delta) {
    var found = section(quoted(desired)).delta(object(quoted(reported)));

    assertThat(json(found.state())).isEqualTo(quoted(delta));
  }

  @Test
  void eachLeafHasItsTimeAndEachElementOfAnArrayToo() {
    var first = section("{\"a\":1,\"b\":{\"c\":true},\"l\":[1,{\"x\":\"y\"}],\"timestamp\":5}");
    var second = first.merged(object("{\"b\":{\"d\":2},\"a\":1}"), 9);

    assertThat(json(second.metadata()))
        .isEqualTo(
            "{\"a\":{\"timestamp\":9},\"b\":{\"c\":{\"timestamp\":1},\"d\":{\"timestamp\":9}},"
                + "\"l\":[{\"timestamp\":1},{\"x\":{\"timestamp\":1}}],"
                + "\"timestamp\":{\"timestamp\":1}}");
    assertThat(json(second.delta(object("{\"a\":1,\"b\":{\"c\":true}}")).metadata()))
        .isEqualTo(
            "{\"b\":{\"d\":{\"timestamp\":9}},\"l\":[{\"timestamp\":1},{\"x\":{\"timestamp\":1}}],"
                + "\"timestamp\":{\"timestamp\":1}}");
  }

  private static String quoted(String json) {
    return json.strip().replace('\'', '"');
  }
}
