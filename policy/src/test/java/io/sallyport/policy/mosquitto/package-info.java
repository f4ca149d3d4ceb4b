@NullMarked
package io.sallyport.policy.mosquitto;

import org.jspecify.annotations.NullMarked;
