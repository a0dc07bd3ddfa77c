package weir.testbed.runtime;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.flink.core.fs.FSDataOutputStream;

/** Never lets more bytes through than the rate allows since the file was opened. */
final class SlowOutputStream extends FSDataOutputStream {
    /** Small enough for an even flow, large enough for few sleeps. */
    private static final int PIECE_BYTES = 32 * 1024;

    private final FSDataOutputStream out;
    private final long bytesPerSecond;
    private final long openedNanos = System.nanoTime();
    private long written;

    SlowOutputStream(FSDataOutputStream out, long bytesPerSecond) {
        this.out = out;
        this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public void write(int b) throws IOException {
        out.write(b);
        account(1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; done += PIECE_BYTES) {
            int piece = Math.min(PIECE_BYTES, length - done);
            out.write(bytes, offset + done, piece);
            account(piece);
        }
    }

    private void account(int bytes) throws IOException {
        written += bytes;
        long dueMs = written * 1000 / bytesPerSecond - (System.nanoTime() - openedNanos) / 1_000_000;
        if (dueMs <= 0) {
            return;
        }
        try {
            Thread.sleep(dueMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("a slow write was interrupted");
        }
    }

    @Override
    public long getPos() throws IOException {
        return out.getPos();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void sync() throws IOException {
        out.sync();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
