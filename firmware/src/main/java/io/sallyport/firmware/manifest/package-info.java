/** What a signed manifest says of an image, who may say it, and whether a device may believe it. */
@NullMarked
package io.sallyport.firmware.manifest;

import org.jspecify.annotations.NullMarked;
