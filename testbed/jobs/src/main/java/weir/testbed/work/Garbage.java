package weir.testbed.work;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import weir.testbed.NodeSpec;

/** Heap pressure: garbage per record, a ring of the newest pieces, a live set, a leak; outside of the heap, a leak as well. */
final class Garbage implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Static like the caches that leak in real jobs: it outlives the task. */
    private static final List<byte[]> LEAKED = new ArrayList<>();

    private static final List<ByteBuffer> DIRECT = new ArrayList<>();

    private final int allocBytes;
    private final int ringLength;
    private final int liveMb;
    private final int leakBytes;
    private final int directBytes;

    private transient byte[][] ring;
    private transient List<byte[]> live;
    private transient int next;

    Garbage(NodeSpec node) {
        this.allocBytes = (int) node.number("allocKb", 0) * 1024;
        long ringBytes = node.number("ringMb", 0) * 1024 * 1024;
        this.ringLength = allocBytes == 0 ? 0 : Math.max(1, (int) (ringBytes / allocBytes));
        this.liveMb = (int) node.number("liveMb", 0);
        this.leakBytes = (int) node.number("leakBytes", 0);
        this.directBytes = (int) node.number("directKb", 0) * 1024;
    }

    void produce() {
        if (live == null) {
            keepLiveSet();
        }
        if (allocBytes > 0) {
            ring[next] = new byte[allocBytes];
            next = (next + 1) % ring.length;
        }
        if (leakBytes > 0) {
            synchronized (LEAKED) {
                LEAKED.add(new byte[leakBytes]);
            }
        }
        if (directBytes > 0) {
            synchronized (DIRECT) {
                DIRECT.add(ByteBuffer.allocateDirect(directBytes));
            }
        }
    }

    private void keepLiveSet() {
        ring = new byte[ringLength][];
        live = new ArrayList<>();
        for (int i = 0; i < liveMb * 16; i++) {
            live.add(new byte[64 * 1024]);
        }
    }
}
