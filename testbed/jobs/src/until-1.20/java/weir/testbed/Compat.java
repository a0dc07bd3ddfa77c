package weir.testbed;

import org.apache.flink.api.common.functions.RuntimeContext;

/** What Flink 2.0 renamed; this is the side until 1.20. */
final class Compat {

    private Compat() {}

    static int subtask(RuntimeContext context) {
        return context.getIndexOfThisSubtask();
    }
}
