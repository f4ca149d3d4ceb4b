package io.sallyport.cli.command;

import picocli.CommandLine.Command;

/** {@code gateway}: the door itself. */
@Command(name = "gateway", description = "See and end what the gateway holds off.")
public final class GatewayCommands {}
