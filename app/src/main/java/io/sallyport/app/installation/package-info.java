/**
 * What stands on disk: the data directory, the sealed authorities, the database, the local
 * operator.
 */
@NullMarked
package io.sallyport.app.installation;

import org.jspecify.annotations.NullMarked;
