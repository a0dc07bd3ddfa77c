package weir.testbed.runtime;

import java.net.URI;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;

/** {@code slow:///dir}: the local disk behind a narrow pipe, {@code slow.bytes-per-second} for each open file. */
public final class SlowFileSystemFactory implements FileSystemFactory {
    private static final String RATE_KEY = "slow.bytes-per-second";
    private long bytesPerSecond = 1_000_000;

    @Override
    public void configure(Configuration config) {
        // Typed getters were removed in 2.0; the plain map exists everywhere.
        String rate = config.toMap().get(RATE_KEY);
        if (rate != null) {
            bytesPerSecond = Long.parseLong(rate);
        }
    }

    @Override
    public String getScheme() {
        return "slow";
    }

    @Override
    public FileSystem create(URI uri) {
        return new SlowFileSystem(bytesPerSecond);
    }
}
