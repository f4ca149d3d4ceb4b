package io.sallyport.conformance.architecture.planted.identity;

import org.bouncycastle.asn1.x500.X500Name;

final class UsesBouncyCastle {
  X500Name name() {
    return new X500Name("CN=x");
  }
}
