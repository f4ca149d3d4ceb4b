package io.sallyport.gateway.est;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.sallyport.gateway.desk.Desk;
import io.sallyport.gateway.est.Requests.Meaning;
import io.sallyport.gateway.est.Requests.Received;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The talk on one connection: one request after the other, each gathered whole within bounds. */
// What becomes of a write shows in the channel itself: it is gone, or soon will be.
@SuppressWarnings("FutureReturnValueIgnored")
final class EstTalk extends SimpleChannelInboundHandler<HttpObject> {
  // RFC 7030 asked for it, RFC 8951, 3.1, has it ignored; some clients still need it.
  private static final String ENCODING = "Content-Transfer-Encoding";
  private static final Duration LATER = Duration.ofSeconds(5);

  private final EstVisitor visitor;
  private final Requests requests;
  private final Desk<Reply> desk;
  private final EstSettings settings;
  private final EstCounters counters;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private @Nullable HttpRequest head;
  private int served;
  private boolean working;
  private boolean last;
  private boolean over;
  private boolean namesEncoding;

  EstTalk(
      EstVisitor visitor,
      Requests requests,
      Desk<Reply> desk,
      EstSettings settings,
      EstCounters counters) {
    this.visitor = visitor;
    this.requests = requests;
    this.desk = desk;
    this.settings = settings;
    this.counters = counters;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
    if (over) {
      return;
    }
    if (working) {
      // It did not wait for its answer: it gets that one, and no other.
      last = true;
      return;
    }
    if (part.decoderResult().isFailure()) {
      refuse(ctx, unreadable(part.decoderResult().cause()));
      return;
    }
    if (part instanceof HttpRequest request) {
      begin(ctx, request);
    }
    if (part instanceof HttpContent content && head != null && !over) {
      gather(ctx, head, content);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    head = request;
    body.reset();
    served++;
    namesEncoding = settings.namesEncoding() || request.headers().contains(ENCODING);
    last = served >= settings.requestsMax() || !HttpUtil.isKeepAlive(request);
    var wrong = ambiguity(request);
    if (wrong != null) {
      refuse(ctx, Reply.refusal(400, wrong));
    } else if (HttpUtil.getContentLength(request, 0L) > EstSettings.BODY_MAX) {
      refuse(ctx, tooLarge());
    } else if (HttpUtil.is100ContinueExpected(request)) {
      ctx.writeAndFlush(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  /** What could be read by somebody between us and the client in another way. */
  private static @Nullable String ambiguity(HttpRequest request) {
    var headers = request.headers();
    var encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean isVersion11 = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    if (!isVersion11 && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return "HTTP/1.1 is spoken here";
    }
    if (!encodings.isEmpty()
        && !(isVersion11
            && encodings.size() == 1
            && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.getFirst()))) {
      return "the only transfer encoding here is chunked";
    }
    if (headers.getAll(HttpHeaderNames.HOST).size() != 1 && isVersion11) {
      return "there must be one Host";
    }
    for (var once : List.of(HttpHeaderNames.AUTHORIZATION, HttpHeaderNames.CONTENT_TYPE)) {
      if (headers.getAll(once).size() > 1) {
        return "there must be one " + once;
      }
    }
    return null;
  }

  private void gather(ChannelHandlerContext ctx, HttpRequest request, HttpContent content) {
    var bytes = content.content();
    if (body.size() + bytes.readableBytes() > EstSettings.BODY_MAX) {
      refuse(ctx, tooLarge());
      return;
    }
    var piece = new byte[bytes.readableBytes()];
    bytes.readBytes(piece);
    body.write(piece, 0, piece.length);
    if (content instanceof LastHttpContent) {
      head = null;
      complete(ctx, request);
    }
  }

  private void complete(ChannelHandlerContext ctx, HttpRequest request) {
    var headers = request.headers();
    var received =
        new Received(
            request.method().name(),
            request.uri(),
            headers.get(HttpHeaderNames.CONTENT_TYPE),
            headers.get(HttpHeaderNames.AUTHORIZATION),
            body.toByteArray());
    working = true;
    visitor.works();
    switch (requests.read(received, visitor)) {
      case Meaning.Known(var operation, var reply) -> answer(ctx, operation, reply, received);
      case Meaning.Work(var operation, var work) ->
          desk.ask(
              ctx.channel().eventLoop(),
              work,
              () -> Reply.later("too many requests at once", LATER),
              () -> Reply.later("the request could not be worked on", LATER),
              reply -> {
                if (reply.status() == 401 || reply.status() == 403) {
                  visitor.failed("EST refused: " + reply.status());
                }
                answer(ctx, operation, reply, received);
              });
    }
  }

  private void answer(
      ChannelHandlerContext ctx, @Nullable Operation operation, Reply reply, Received received) {
    if (over) {
      return;
    }
    counters.answered(operation, reply.status());
    working = false;
    // The body of an answer to HEAD could not be told from the next answer.
    boolean bare = received.method().equals("HEAD");
    write(ctx, bare ? new Reply(reply.status(), reply.headers(), new byte[0]) : reply);
    if (last) {
      leave();
    } else {
      visitor.awaits();
    }
  }

  private void refuse(ChannelHandlerContext ctx, Reply reply) {
    counters.answered(null, reply.status());
    visitor.failed("EST request refused: " + reply.status());
    last = true;
    write(ctx, reply);
    leave();
  }

  private void leave() {
    over = true;
    visitor.leaves();
  }

  private void write(ChannelHandlerContext ctx, Reply reply) {
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(reply.status()),
            Unpooled.wrappedBuffer(reply.body()));
    var headers = response.headers();
    reply.headers().forEach(headers::set);
    // As RFC 7230 and RFC 7030 write the names: libest compares them letter by letter.
    headers.set("Cache-Control", HttpHeaderValues.NO_STORE);
    headers.set("X-Content-Type-Options", "nosniff");
    if (reply.status() != 204) {
      headers.setInt("Content-Length", reply.body().length);
    }
    if (reply.isEncoded() && namesEncoding) {
      headers.set(ENCODING, "base64");
    }
    if (last) {
      headers.set("Connection", HttpHeaderValues.CLOSE);
    }
    ctx.writeAndFlush(response);
  }

  private static Reply tooLarge() {
    return Reply.refusal(413, "a body may have " + EstSettings.BODY_MAX + " bytes");
  }

  private static Reply unreadable(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ -> Reply.refusal(414, "the first line is too long");
      case TooLongHttpHeaderException _ -> Reply.refusal(431, "the headers are too long");
      default -> Reply.refusal(400, "not HTTP/1.1");
    };
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!over) {
      leave();
    }
  }
}
