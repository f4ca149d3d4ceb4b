/** The rules of jobs, without a database, a clock or a message. */
@NullMarked
package io.sallyport.control.jobs.model;

import org.jspecify.annotations.NullMarked;
