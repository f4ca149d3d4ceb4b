/** The commands about evidence of what devices are and run. */
@NullMarked
package io.sallyport.cli.attestation;

import org.jspecify.annotations.NullMarked;
