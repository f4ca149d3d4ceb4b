/** The one YAML file: every key with its unit, its default and its meaning, and nothing else. */
@NullMarked
package io.sallyport.app.configuration;

import org.jspecify.annotations.NullMarked;
