package io.sallyport.control.commands;

import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.command.CommandId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One command, as the registry holds it.
 *
 * @param number its place among all commands
 * @param groupCommand what it has in common with the others of a command to a group
 * @param arguments as JSON
 * @param reason why it was refused, cancelled or failed; empty for none
 * @param detail what the device said besides
 * @param proof what its answer was proved by: {@code none}, {@code device-key} or {@code transport}
 * @param keyId the key that signed it; null as long as it is not signed
 * @param envelope what is sent, in hexadecimal
 * @param receipt the device's receipt as it came, in hexadecimal
 * @param attempts how often it was sent
 */
public record CommandRecord(
    CommandId id,
    long number,
    @Nullable String groupCommand,
    @Nullable String groupName,
    PrincipalId device,
    String name,
    String arguments,
    CommandStatus status,
    String reason,
    String detail,
    String proof,
    @Nullable String stateHash,
    @Nullable String keyId,
    @Nullable Long sequence,
    @Nullable Long policyEpoch,
    Instant issuedAt,
    Instant expiresAt,
    @Nullable String envelope,
    @Nullable String receipt,
    String actor,
    Instant changedAt,
    int attempts) {}
