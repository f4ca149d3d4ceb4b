/** Small files that no crash tears and nobody else reads. */
@NullMarked
package io.sallyport.agent.state;

import org.jspecify.annotations.NullMarked;
