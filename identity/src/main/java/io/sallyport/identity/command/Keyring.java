package io.sallyport.identity.command;

import io.sallyport.identity.PublicKeyHash;
import io.sallyport.identity.cose.CoseAlgorithm;
import io.sallyport.identity.cose.MalformedCbor;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The command keys that a device believes, one generation after the other, and how it comes to
 * believe the next: by the word of the newest that it knows, and only that one's. A key that was
 * stolen cannot therefore bring in another in place of one that the device has already, and once
 * the key after it has spoken, those before are forgotten.
 *
 * @param members the older first, without a gap between their generations
 */
public record Keyring(List<Member> members) {
  /** Bound: the highest generation. */
  public static final long GENERATION_MAX = Integer.MAX_VALUE;

  /**
   * One key, and the commands that it may give.
   *
   * @param generation which one of the installation it is, 1 to {@link #GENERATION_MAX}
   * @param key on P-256
   */
  public record Member(long generation, PublicKey key, Set<CommandName> allowed) {
    /** Refuses, with {@link IllegalArgumentException}, what no key may be or command. */
    public Member {
      allowed = Set.copyOf(allowed);
      if (generation < 1 || generation > GENERATION_MAX) {
        throw new IllegalArgumentException("no generation of a key: " + generation);
      }
      if (!CoseAlgorithm.ES256.fits(key)) {
        throw new IllegalArgumentException("a command key is one on P-256");
      }
      if (allowed.contains(CommandName.FLASH_FIRMWARE)) {
        throw new IllegalArgumentException(
            CommandName.FLASH_FIRMWARE + " is never a command from afar, whoever signs it");
      }
    }

    /** How envelopes name it. */
    public PublicKeyHash id() {
      return PublicKeyHash.of(key);
    }
  }

  /** Nobody is believed for it. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean unknownSigner;

    Refused(String message, boolean unknownSigner) {
      super(message);
      this.unknownSigner = unknownSigner;
    }

    /** Whether the signer may be a key that this device has not heard of yet. */
    public boolean isUnknownSigner() {
      return unknownSigner;
    }
  }

  /**
   * Refuses, with {@link IllegalArgumentException}, none or too many keys, a gap, a key twice.
   *
   * @see AllowList#SIGNERS_MAX
   */
  public Keyring {
    members = List.copyOf(members);
    if (members.isEmpty() || members.size() > AllowList.SIGNERS_MAX) {
      throw new IllegalArgumentException("1 to " + AllowList.SIGNERS_MAX + " keys command");
    }
    var ids = new HashSet<PublicKeyHash>();
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).generation() != members.getFirst().generation() + i) {
        throw new IllegalArgumentException("generations of keys follow each other");
      }
      if (!ids.add(members.get(i).id())) {
        throw new IllegalArgumentException("a key is there twice");
      }
    }
  }

  /** The one that comes last. */
  public Member newest() {
    return members.getLast();
  }

  /** The ids of the keys, the older first. */
  public List<PublicKeyHash> ids() {
    return members.stream().map(Member::id).toList();
  }

  /** What the keys may order, as far as there are rules. */
  public AllowList allowed(Map<CommandName, CommandRule> rules) {
    return new AllowList(
        members.stream()
            .map(
                one -> {
                  var own = new HashMap<>(rules);
                  own.keySet().retainAll(one.allowed());
                  return new AllowList.Signer(one.key(), own);
                })
            .toList());
  }

  /** What a key says of the one after it; as it is sent. */
  public static byte[] introduce(
      long generation, PublicKey successor, String tenant, PublicKeyHash signer, EnvelopeKey by) {
    return new KeyIntroduction(generation, successor).sign(tenant, signer, by);
  }

  /** Whether a message has the form of an introduction, whoever made it. */
  public static boolean isIntroduction(byte[] message) {
    try {
      var _ = Envelope.read(message, Envelope.Type.INTRODUCTION);
      return true;
    } catch (Envelope.Unfit e) {
      return false;
    }
  }

  /**
   * Hears a key introduced.
   *
   * @return the ring with it and without those before its introducer; empty if it is known already
   */
  public Optional<Keyring> hear(byte[] message, String tenant) throws Refused {
    try {
      var envelope = Envelope.read(message, Envelope.Type.INTRODUCTION);
      var by =
          members.stream()
              .filter(one -> one.id().hex().equals(envelope.keyIdHex()))
              .findFirst()
              .orElseThrow(
                  () -> new Refused("no command key has the id " + envelope.keyIdHex(), true));
      var besides = Envelope.besides(Envelope.Type.INTRODUCTION, tenant);
      if (!envelope.isSignedBy(CoseAlgorithm.ES256, by.key(), besides)) {
        throw new Refused("the command key did not sign it", false);
      }
      return with(KeyIntroduction.of(envelope), by);
    } catch (Envelope.Unfit | MalformedCbor | IllegalArgumentException e) {
      throw new Refused(String.valueOf(e.getMessage()), false);
    }
  }

  private Optional<Keyring> with(KeyIntroduction introduced, Member by) throws Refused {
    if (introduced.generation() != by.generation() + 1) {
      throw new Refused("a key introduces the one after it, and no other", false);
    }
    if (by.equals(newest())) {
      var next = new Member(introduced.generation(), introduced.key(), by.allowed());
      return Optional.of(new Keyring(List.of(by, next)));
    }
    var known = members.get(members.indexOf(by) + 1);
    if (!known.key().equals(introduced.key())) {
      throw new Refused("there is another key of generation " + known.generation(), false);
    }
    return Optional.empty();
  }
}
