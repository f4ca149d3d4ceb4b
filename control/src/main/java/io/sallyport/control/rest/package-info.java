/** The operators' REST API: JSON over mutual TLS, every route in the OpenAPI document. */
@NullMarked
package io.sallyport.control.rest;

import org.jspecify.annotations.NullMarked;
