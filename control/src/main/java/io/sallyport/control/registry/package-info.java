/** Who is known: principals with their standing, their certificates and every key ever seen. */
@NullMarked
package io.sallyport.control.registry;

import org.jspecify.annotations.NullMarked;
