package io.sallyport.control.enforcement;

/**
 * One kind of thing that was ended.
 *
 * @param what {@code sockets}, {@code tls-tickets}, {@code stored-sessions}, {@code subscriptions},
 *     {@code queued}, {@code in-flight}, {@code wills}, {@code retained} or {@code jobs}
 * @param where the gateway or exchange in which it was, or {@code registry}
 * @param count how many there were
 * @param ms how long it took until the last had ended
 */
public record ReceiptStep(String what, String where, long count, double ms) {}
