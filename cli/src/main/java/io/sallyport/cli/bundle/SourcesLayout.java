package io.sallyport.cli.bundle;

import java.util.ArrayList;
import java.util.List;

/** The constants of C, with files of ours that use them. */
final class SourcesLayout implements Layout {
  private final HeaderLayout constants = new HeaderLayout();
  private final List<String> sources;

  /** With those files, which are resources here. */
  SourcesLayout(String... sources) {
    this.sources = List.of(sources);
  }

  @Override
  public List<BundleFile> files(Credentials credentials) {
    var files = new ArrayList<>(constants.files(credentials));
    sources.stream().map(Resource::of).forEach(files::add);
    return files;
  }

  @Override
  public String mark(Credentials.Owner owner) {
    return constants.mark(owner);
  }
}
