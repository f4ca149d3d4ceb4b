/** Keys that sign releases: made, kept encrypted or in a token, and used here alone. */
@NullMarked
package io.sallyport.firmware.signing;

import org.jspecify.annotations.NullMarked;
