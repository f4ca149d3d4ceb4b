package io.sallyport.gateway.est;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Reads HTTP/1.1 within bounds; a message that could be read in two ways is refused. */
final class StrictRequestDecoder extends HttpRequestDecoder {
  // Bound: what is handed on at once of a body.
  private static final int PIECE = 4 << 10;

  StrictRequestDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(EstSettings.LINE_MAX)
            .setMaxHeaderSize(EstSettings.HEADERS_MAX)
            .setMaxChunkSize(PIECE)
            .setAllowDuplicateContentLengths(false)
            .setStrictLineParsing(true)
            .setValidateHeaders(true));
  }

  /** RFC 9112, 6.1: it may be an attempt to smuggle a request past somebody. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Content-Length and Transfer-Encoding");
  }
}
