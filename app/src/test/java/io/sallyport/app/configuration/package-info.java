@NullMarked
package io.sallyport.app.configuration;

import org.jspecify.annotations.NullMarked;
