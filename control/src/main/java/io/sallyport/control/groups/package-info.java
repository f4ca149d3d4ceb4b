/** Groups of devices and backends, and the policies that their members have by them. */
@NullMarked
package io.sallyport.control.groups;

import org.jspecify.annotations.NullMarked;
