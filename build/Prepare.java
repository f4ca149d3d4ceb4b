import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes the libraries of a distribution fit for a quick start. The JVM's AOT cache takes no class
 * of a signed jar and none of a format older than Java 6: drops the signatures (nothing verifies
 * them against anything; the build compares checksums) and brings old classes to the format of Java
 * 17. Unpacks the native libraries of this machine, which would else be unpacked at each start.
 *
 * <p>usage: java build/Prepare.java FOLDER, with the libraries in FOLDER/lib; the native ones go to
 * FOLDER/native
 */
final class Prepare {
  private static final int OLDEST_CACHED = ClassFile.JAVA_6_VERSION;
  private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");

  // By processor: Netty's libraries have it in their names, SQLite's in their folder.
  private static final Map<String, Pattern> NATIVE =
      Map.of(
          "amd64",
          Pattern.compile(
              "(META-INF/native/libnetty_.*_x86_64\\.so|org/sqlite/native/Linux/x86_64/.*\\.so)"),
          "aarch64",
          Pattern.compile(
              "(META-INF/native/libnetty_.*_aarch_64\\.so|org/sqlite/native/Linux/aarch64/.*\\.so)"));

  private final Path jar;
  private final ClassFile classes;
  private final ClassTransform modern =
      ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
          .andThen(
              (builder, element) -> {
                if (element instanceof ClassFileVersion) {
                  builder.withVersion(ClassFile.JAVA_17_VERSION, 0);
                } else {
                  builder.with(element);
                }
              });

  private Prepare(Path jar, ClassLoader around) {
    this.jar = jar;
    this.classes =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(around)
                    .orElse(ClassHierarchyResolver.defaultResolver())
                    .cached()));
  }

  public static void main(String[] arguments) throws IOException {
    var folder = Path.of(arguments[0]);
    var jars = new ArrayList<Path>();
    try (var found = Files.newDirectoryStream(folder.resolve("lib"), "*.jar")) {
      found.forEach(jars::add);
    }
    var urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = jars.get(i).toUri().toURL();
    }
    for (var jar : jars) {
      try (var around = new URLClassLoader(urls)) {
        new Prepare(jar, around).run();
      }
      unpackNative(jar, Files.createDirectories(folder.resolve("native")));
    }
  }

  private static void unpackNative(Path jar, Path folder) throws IOException {
    var wanted = NATIVE.get(System.getProperty("os.arch"));
    if (wanted == null || !System.getProperty("os.name").equals("Linux") || isMusl()) {
      return;
    }
    try (var from = new JarFile(jar.toFile(), false)) {
      for (var entry : (List<? extends ZipEntry>) from.stream().toList()) {
        if (wanted.matcher(entry.getName()).matches()) {
          var name = Path.of(entry.getName()).getFileName();
          try (var bytes = from.getInputStream(entry)) {
            Files.copy(bytes, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
  }

  private static boolean isMusl() throws IOException {
    try (var loaders = Files.newDirectoryStream(Path.of("/lib"), "ld-musl-*")) {
      return loaders.iterator().hasNext();
    }
  }

  private void run() throws IOException {
    var bytes = new ByteArrayOutputStream();
    boolean changed = false;
    try (var from = new JarFile(jar.toFile(), false);
        var to = new ZipOutputStream(bytes)) {
      for (var entry : (List<? extends ZipEntry>) from.stream().toList()) {
        var before = from.getInputStream(entry).readAllBytes();
        var after = SIGNATURE.matcher(entry.getName()).matches() ? null : content(entry, before);
        changed |= after != before;
        if (after != null) {
          var copy = new ZipEntry(entry.getName());
          copy.setTimeLocal(entry.getTimeLocal());
          to.putNextEntry(copy);
          to.write(after);
        }
      }
    }
    if (changed) {
      var made = jar.resolveSibling(jar.getFileName() + ".new");
      Files.write(made, bytes.toByteArray());
      Files.move(made, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private byte[] content(ZipEntry entry, byte[] before) throws IOException {
    var name = entry.getName();
    if (name.equals(JarFile.MANIFEST_NAME)) {
      return withoutDigests(before);
    }
    boolean isClass = name.endsWith(".class") && !name.endsWith("module-info.class");
    return isClass && major(before) < OLDEST_CACHED
        ? classes.transformClass(classes.parse(before), modern)
        : before;
  }

  /** A manifest says one thing of the jar, and of a signed one the digest of each entry. */
  private static byte[] withoutDigests(byte[] before) throws IOException {
    var manifest = new Manifest(new java.io.ByteArrayInputStream(before));
    if (manifest.getEntries().values().stream()
        .noneMatch(a -> a.keySet().stream().anyMatch(key -> key.toString().contains("-Digest")))) {
      return before;
    }
    manifest.getEntries().clear();
    var bytes = new ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }

  private static int major(byte[] bytes) {
    return (bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF;
  }
}
