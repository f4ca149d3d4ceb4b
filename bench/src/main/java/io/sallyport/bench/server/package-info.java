/**
 * The servers under test: started with throw-away data, fed the same identities, metered by /proc.
 */
@NullMarked
package io.sallyport.bench.server;

import org.jspecify.annotations.NullMarked;
