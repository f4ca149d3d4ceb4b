/** The guided tour: a small fleet, an attacker, and what the gate does about it, all measured. */
@NullMarked
package io.sallyport.app.demo;

import org.jspecify.annotations.NullMarked;
