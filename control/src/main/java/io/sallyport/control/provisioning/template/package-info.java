/** Provisioning templates in the form of AWS IoT: what a device becomes that brings parameters. */
@NullMarked
package io.sallyport.control.provisioning.template;

import org.jspecify.annotations.NullMarked;
