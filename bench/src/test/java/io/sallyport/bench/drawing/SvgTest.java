package io.sallyport.bench.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SvgTest {
  @Test
  void textsCannotBecomeMarkup() throws Exception {
    var svg = new Svg(100, 50, "text{fill:#000}");
    svg.group("</title><script>alert(\"1\")</script>");
    svg.text("", 1, 2, "a < b && c > d");
    svg.endGroup();

    var document = SvgReader.parse(svg.document());
    assertThat(document.getElementsByTagName("script").getLength()).isZero();
    assertThat(SvgReader.texts(document, "text")).containsExactly("a < b && c > d");
    assertThat(SvgReader.texts(document, "title"))
        .containsExactly("</title><script>alert(\"1\")</script>");
  }

  @Test
  void anyCharactersAtAllGiveADocumentThatCanBeRead() throws Exception {
    var random = new SplittableRandom(4);
    for (var round = 0; round < 200; round++) {
      var text = new StringBuilder();
      for (var i = 0; i < 40; i++) {
        text.append((char) random.nextInt(round % 2 == 0 ? 0x80 : 0x10000));
      }
      var svg = new Svg(100, 50, "");
      svg.text("", 0, 0, text.toString());

      assertThat(SvgReader.texts(SvgReader.parse(svg.document()), "text")).hasSize(1);
    }
  }

  @Test
  void numbersHaveAPointWhateverTheLocale() {
    var svg = new Svg(100, 50, "");
    svg.rectangle("a", 1.25, 2, 3.04, 4);

    assertThat(svg.document())
        .contains("<rect class=\"a\" x=\"1.3\" y=\"2\" width=\"3\" height=\"4\"/>");
  }
}
