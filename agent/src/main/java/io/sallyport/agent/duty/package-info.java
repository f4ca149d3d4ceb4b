/** What an agent does with a connection while it has one. */
@NullMarked
package io.sallyport.agent.duty;

import org.jspecify.annotations.NullMarked;
