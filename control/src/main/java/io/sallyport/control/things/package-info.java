/** What is recorded of devices and backends beside their certificates, for conditions to ask. */
@NullMarked
package io.sallyport.control.things;

import org.jspecify.annotations.NullMarked;
