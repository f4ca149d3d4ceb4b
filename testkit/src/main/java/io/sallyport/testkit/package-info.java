/** A test CA, a raw MQTT client and seeded generators, shared by the tests of all modules. */
@NullMarked
package io.sallyport.testkit;

import org.jspecify.annotations.NullMarked;
