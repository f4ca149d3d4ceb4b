package io.sallyport.identity.rotation;

/**
 * How the devices of one wave have fared so far.
 *
 * @param asked how many are in it
 * @param proven how many have connected with their new credential
 * @param failed how many have said that they could not, were refused, or got a certificate and did
 *     not connect with it in time; who is off line has not failed
 */
public record WaveOutcome(int asked, int proven, int failed) {
  /** Refuses, with {@link IllegalArgumentException}, more answers than questions. */
  public WaveOutcome {
    if (asked < 0 || proven < 0 || failed < 0 || (long) proven + failed > asked) {
      throw new IllegalArgumentException("no more can have answered than were asked");
    }
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
