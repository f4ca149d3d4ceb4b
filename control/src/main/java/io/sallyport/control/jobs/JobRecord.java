package io.sallyport.control.jobs;

import io.sallyport.control.jobs.model.JobSettings;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job.
 *
 * @param document JSON, as devices get it
 * @param form the settings as they were given, JSON
 * @param changedAt when its state changed last; when it was made until then
 * @param reason a word for why it is cancelled
 * @param rolloutEnded whether nobody else is given it, although it has not ended
 * @param tickedAt when the scheduler worked on it last
 * @param version one more with every change
 */
public record JobRecord(
    String id,
    JobState state,
    String description,
    String document,
    String form,
    JobSettings settings,
    String createdBy,
    Instant createdAt,
    String changedBy,
    Instant changedAt,
    @Nullable String reason,
    @Nullable String comment,
    boolean rolloutEnded,
    Instant tickedAt,
    long version) {}
