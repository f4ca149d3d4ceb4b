package io.sallyport.control.provisioning.template;

import java.time.Instant;

/**
 * A template as the registry knows it.
 *
 * @param asksHook whether the pre-provisioning hook is asked for each of its devices
 */
public record TemplateRecord(
    String name, String body, boolean asksHook, String changedBy, Instant changedAt) {}
