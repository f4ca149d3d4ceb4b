package io.sallyport.control.provisioning.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What stands for a text in a template: itself, or one of AWS IoT's intrinsic functions. */
sealed interface Expression {
  /** Bound: characters that an expression may come to. */
  int RESULT_MAX = 4_096;

  /** The text that it stands for. */
  String text(Values values) throws ParametersRefused;

  /** Itself. */
  record Literal(String value) implements Expression {
    @Override
    public String text(Values values) {
      return value;
    }
  }

  /** {@code Ref}: the value of a parameter. */
  record Ref(String name) implements Expression {
    @Override
    public String text(Values values) throws ParametersRefused {
      return values.of(name);
    }
  }

  /** {@code Fn::Join}: texts with another between them. */
  record Join(String delimiter, Texts texts) implements Expression {
    @Override
    public String text(Values values) throws ParametersRefused {
      return bounded(String.join(delimiter, texts.list(values)));
    }
  }

  /** {@code Fn::Select}: one of several, counted from zero. */
  record Select(int index, Texts texts) implements Expression {
    @Override
    public String text(Values values) throws ParametersRefused {
      var list = texts.list(values);
      if (index >= list.size()) {
        throw new ParametersRefused(
            "Fn::Select asks for number " + index + " of " + list.size() + " texts");
      }
      return list.get(index);
    }
  }

  /** {@code Fn::Sub}: a text in which names in <code>${}</code> are replaced. */
  record Sub(List<Expression> parts) implements Expression {
    public Sub {
      parts = List.copyOf(parts);
    }

    @Override
    public String text(Values values) throws ParametersRefused {
      var text = new StringBuilder();
      for (var part : parts) {
        text.append(part.text(values));
        bounded(text);
      }
      return text.toString();
    }
  }

  /** {@code Fn::FindInMap}: what a table says. */
  record FindInMap(String map, Expression first, Expression second) implements Expression {
    @Override
    public String text(Values values) throws ParametersRefused {
      var row = values.mappings().getOrDefault(map, Map.of()).get(first.text(values));
      var value = row == null ? null : row.get(second.text(values));
      if (value == null) {
        throw new ParametersRefused("mapping '" + map + "' has nothing for these parameters");
      }
      return value;
    }
  }

  /** What stands for several texts. */
  sealed interface Texts {
    List<String> list(Values values) throws ParametersRefused;

    /** Each by itself. */
    record Each(List<Expression> elements) implements Texts {
      public Each {
        elements = List.copyOf(elements);
      }

      @Override
      public List<String> list(Values values) throws ParametersRefused {
        var texts = new ArrayList<String>(elements.size());
        for (var element : elements) {
          texts.add(element.text(values));
        }
        return texts;
      }
    }

    /** {@code Fn::Split}: the parts of one text. */
    record Split(String delimiter, Expression source) implements Texts {
      @Override
      public List<String> list(Values values) throws ParametersRefused {
        var text = source.text(values);
        var parts = new ArrayList<String>();
        int from = 0;
        for (int at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, from)) {
          parts.add(text.substring(from, at));
          from = at + delimiter.length();
        }
        parts.add(text.substring(from));
        return parts;
      }
    }
  }

  private static String bounded(CharSequence text) throws ParametersRefused {
    if (text.length() > RESULT_MAX) {
      throw new ParametersRefused("the parameters make a text that is too long");
    }
    return text.toString();
  }
}
