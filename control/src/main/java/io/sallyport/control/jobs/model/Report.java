package io.sallyport.control.jobs.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a device says of its execution.
 *
 * @param details null to leave them as they are
 * @param expectedVersion null for any
 */
public record Report(
    ExecutionStatus status,
    @Nullable Map<String, String> details,
    StepTimer step,
    @Nullable Long expectedVersion) {}
