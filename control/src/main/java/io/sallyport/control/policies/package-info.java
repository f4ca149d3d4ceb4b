/** What principals may do: the versions of the policies and to whom they are attached. */
@NullMarked
package io.sallyport.control.policies;

import org.jspecify.annotations.NullMarked;
