@org.jspecify.annotations.NullMarked
package io.sallyport.microbench;
