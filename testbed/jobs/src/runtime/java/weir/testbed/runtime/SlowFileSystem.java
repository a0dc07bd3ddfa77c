package weir.testbed.runtime;

import java.io.IOException;
import java.net.URI;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/** The local file system with slow writes. */
final class SlowFileSystem extends LocalFileSystem {
    private static final URI ROOT = URI.create("slow:///");

    private final long bytesPerSecond;

    SlowFileSystem(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public URI getUri() {
        return ROOT;
    }

    @Override
    public FSDataOutputStream create(Path path, WriteMode mode) throws IOException {
        return new SlowOutputStream(super.create(path, mode), bytesPerSecond);
    }
}
