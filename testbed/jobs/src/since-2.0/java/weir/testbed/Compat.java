package weir.testbed;

import org.apache.flink.api.common.functions.RuntimeContext;

/** What Flink 2.0 renamed; this is the side for 2.x. */
final class Compat {

    private Compat() {}

    static int subtask(RuntimeContext context) {
        return context.getTaskInfo().getIndexOfThisSubtask();
    }
}
