package io.sallyport.identity.attestation;

import com.upokecenter.cbor.CBORObject;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** Makes tokens as a device would. */
final class Tokens {
  private Tokens() {}

  static KeyPair p256() throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  static byte[] signed(CBORObject claims, KeyPair key) throws Exception {
    var header = CBORObject.NewMap().Add(1, -7).EncodeToBytes();
    var payload = claims.EncodeToBytes();
    var signer = Signature.getInstance("SHA256withECDSAinP1363Format");
    signer.initSign(key.getPrivate());
    signer.update(
        CBORObject.NewArray()
            .Add("Signature1")
            .Add(header)
            .Add(new byte[0])
            .Add(payload)
            .EncodeToBytes());
    return CBORObject.NewArray()
        .Add(header)
        .Add(CBORObject.NewMap())
        .Add(payload)
        .Add(signer.sign())
        .WithTag(18)
        .EncodeToBytes();
  }

  /** A secured PSA device with one measured component. */
  static CBORObject psa(byte[] nonce) {
    return CBORObject.NewMap()
        .Add(10, nonce)
        .Add(256, new byte[33])
        .Add(265, "tag:psacertified.org,2023:psa#tfm")
        .Add(2394, 1)
        .Add(2395, 0x3000)
        .Add(2396, new byte[32])
        .Add(
            2399,
            CBORObject.NewArray()
                .Add(
                    CBORObject.NewMap()
                        .Add(1, "BL")
                        .Add(2, new byte[] {1, 2})
                        .Add(4, "1.4.2")
                        .Add(5, new byte[32])));
  }

  /** The same in the profile before. */
  static CBORObject oldPsa(byte[] nonce) {
    var claims = psa(nonce);
    return CBORObject.NewMap()
        .Add(-75000, "PSA_IOT_PROFILE_1")
        .Add(-75001, 1)
        .Add(-75002, 0x3001)
        .Add(-75003, new byte[32])
        .Add(-75006, claims.get(CBORObject.FromObject(2399)))
        .Add(-75008, nonce)
        .Add(-75009, new byte[33]);
  }

  /** A device of which only the software's version is claimed. */
  static CBORObject eat(byte[] nonce) {
    return CBORObject.NewMap()
        .Add(10, nonce)
        .Add(256, new byte[17])
        .Add(262, true)
        .Add(263, 3)
        .Add(270, "pump")
        .Add(271, CBORObject.NewArray().Add("1.4.2"));
  }
}
