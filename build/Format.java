import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

// Formats every Java source below the given folders; with --check it only names those not
// formatted.
// It runs on the toolchain JDK, because a formatter reads only the language of the JDK it runs on.
void main(String[] args) throws Exception {
  var checking = args[0].equals("--check");
  var command = new ArrayList<String>();
  command.addAll(checking ? List.of("-n", "--set-exit-if-changed") : List.of("--replace"));
  for (var root : List.of(args).subList(1, args.length)) {
    try (var tree = Files.walk(Path.of(root))) {
      tree.map(Path::toString)
          .filter(p -> p.endsWith(".java") && !p.contains("/target/"))
          .sorted()
          .forEach(command::add);
    }
  }
  var formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
  var status = formatter.run(System.out, System.err, command.toArray(String[]::new));
  if (status != 0) {
    System.err.println("These files are not formatted; mvn -Pformat initialize repairs them.");
  }
  System.exit(status);
}
