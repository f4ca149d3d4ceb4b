package io.sallyport.control;

import io.sallyport.control.enforcement.CutReason;
import io.sallyport.control.enforcement.Enforcement;
import io.sallyport.control.enforcement.ReceiptStep;
import io.sallyport.control.registry.PrincipalRecord;
import io.sallyport.identity.PrincipalId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An enforcement point that keeps what it was told, in order. */
public final class RecordingEnforcement implements Enforcement {
  /** What was told, as {@code trust <id> <standing>} and {@code cut <id> <why>}. */
  public final List<String> told = new CopyOnWriteArrayList<>();

  /** The last word on each principal. */
  public final Map<PrincipalId, PrincipalRecord> trust = new ConcurrentHashMap<>();

  /** What happens while it is being told of a principal. */
  public volatile Consumer<PrincipalId> meanwhile = _ -> {};

  @Override
  public void trustChanged(PrincipalRecord principal) {
    meanwhile.accept(principal.id());
    trust.put(principal.id(), principal);
    told.add("trust " + principal.id() + " " + principal.standing());
  }

  @Override
  public List<ReceiptStep> cut(PrincipalId id, CutReason why) {
    told.add("cut " + id + " " + why);
    return List.of(
        new ReceiptStep("sockets", "gateway", 1, 0.5),
        new ReceiptStep("tls-tickets", "gateway", 2, 0.1),
        new ReceiptStep("retained", "exchange", 0, 0.2));
  }

  /** The last word on one principal. */
  public PrincipalRecord lastOf(String id) {
    var record = trust.get(new PrincipalId(id));
    if (record == null) {
      throw new AssertionError("nothing was told of " + id);
    }
    return record;
  }

  /** What was told of one principal. */
  public List<String> toldOf(String id) {
    return told.stream().filter(line -> line.contains(" " + id + " ")).toList();
  }
}
