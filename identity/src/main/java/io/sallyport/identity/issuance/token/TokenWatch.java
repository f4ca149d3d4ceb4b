package io.sallyport.identity.issuance.token;

/** Hears when a token stops and begins to serve; called seldom, and must not block. */
public interface TokenWatch {
  /** Nobody. */
  TokenWatch NOBODY =
      new TokenWatch() {
        @Override
        public void lost(TokenTrouble trouble, String detail) {}

        @Override
        public void back() {}
      };

  /** It does not serve any more, or for another reason than before. */
  void lost(TokenTrouble trouble, String detail);

  /** It serves again. */
  void back();
}
