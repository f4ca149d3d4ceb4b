package io.sallyport.identity.rotation;

/**
 * How the devices of one wave have fared so far.
 *
 * @param asked how many are in it
 * @param answered how many of them have got a certificate; the others may be off line for weeks
 * @param proven how many have connected with their new credential
 * @param failed how many have said that they could not, were refused, or got a certificate and did
 *     not connect with it in time; who is off line has not failed
 */
public record WaveOutcome(int asked, int answered, int proven, int failed) {
  /** Refuses, with {@link IllegalArgumentException}, more answers than questions, or endings. */
  public WaveOutcome {
    if (proven < 0 || failed < 0 || (long) proven + failed > answered || answered > asked) {
      throw new IllegalArgumentException("no more can have answered than were asked");
    }
  }

  /** One to which everybody has answered. */
  public WaveOutcome(int asked, int proven, int failed) {
    this(asked, asked, proven, failed);
  }

  /** How many have an ending. */
  public int settled() {
    return proven + failed;
  }

  /** Which share of those with an ending failed, between 0 and 1; 0 if there is none. */
  public double failureShare() {
    return settled() == 0 ? 0 : (double) failed / settled();
  }
}
