package weir.testbed.work;

import java.io.Serializable;
import java.util.Random;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import weir.testbed.NodeSpec;

/** What a checkpoint costs an operator: a pause in the synchronous phase, bytes in the asynchronous one. */
public final class Snapshot implements CheckpointedFunction, Serializable {
    private static final long serialVersionUID = 1L;
    private static final int CHUNK_BYTES = 64 * 1024;

    private final long pauseMs;
    private final int stateMb;

    public Snapshot(NodeSpec node) {
        this.pauseMs = node.number("snapshotMs", 0);
        this.stateMb = (int) node.number("stateMb", 0);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        if (pauseMs > 0) {
            Thread.sleep(pauseMs);
        }
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        if (stateMb == 0) {
            return;
        }
        ListState<byte[]> state =
                context.getOperatorStateStore().getListState(new ListStateDescriptor<>("ballast", byte[].class));
        if (context.isRestored()) {
            return;
        }
        // Random bytes, so that compression cannot shrink them.
        Random random = new Random(7);
        for (int i = 0; i < stateMb * (1024 * 1024 / CHUNK_BYTES); i++) {
            byte[] chunk = new byte[CHUNK_BYTES];
            random.nextBytes(chunk);
            state.add(chunk);
        }
    }
}
