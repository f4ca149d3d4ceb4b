/** The commands about what lets devices enrol themselves: tokens, and approval. */
@NullMarked
package io.sallyport.cli.enrolment.authority;

import org.jspecify.annotations.NullMarked;
