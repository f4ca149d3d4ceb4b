package io.sallyport.bench.load;

import java.nio.file.Path;

/** Where the server under test listens, and the certificates its own may descend from. */
public record Target(String host, int port, Path trust) {}
