/**
 * Making devices, backends and operators: keys made here, bundles, and whole fleets from a file.
 */
@NullMarked
package io.sallyport.cli.enrolment;

import org.jspecify.annotations.NullMarked;
