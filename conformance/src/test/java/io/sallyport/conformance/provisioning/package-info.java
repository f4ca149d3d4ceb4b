/** AWS IoT fleet provisioning by the AWS IoT Device SDK, and what a claim must not get by it. */
@NullMarked
package io.sallyport.conformance.provisioning;

import org.jspecify.annotations.NullMarked;
