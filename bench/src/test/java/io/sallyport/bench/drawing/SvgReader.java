package io.sallyport.bench.drawing;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Reads a picture as a browser would, which takes no malformed one. */
public final class SvgReader {
  private SvgReader() {}

  public static Document parse(String svg)
      throws IOException, SAXException, ParserConfigurationException {
    var builder = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder();
    return builder.parse(new InputSource(new StringReader(svg)));
  }

  public static List<Element> elements(Document document, String name) {
    var nodes = document.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  public static List<String> texts(Document document, String name) {
    return elements(document, name).stream().map(Element::getTextContent).toList();
  }
}
