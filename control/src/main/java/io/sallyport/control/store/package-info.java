/** Where control keeps what must not be lost: SQLite or PostgreSQL, behind one schema. */
@NullMarked
package io.sallyport.control.store;

import org.jspecify.annotations.NullMarked;
