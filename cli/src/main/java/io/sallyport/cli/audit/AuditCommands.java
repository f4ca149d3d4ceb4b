package io.sallyport.cli.audit;

import picocli.CommandLine.Command;

/** {@code audit}: the inspector's commands. */
@Command(name = "audit", description = "Look at the whole fleet for what no single request shows.")
public final class AuditCommands {}
