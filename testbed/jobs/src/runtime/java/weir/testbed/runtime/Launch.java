package weir.testbed.runtime;

import java.io.IOException;
import java.util.Arrays;

/**
 * Starts a Flink process and ends it when standard input closes, that is when the program that started the cluster is
 * gone, however it went. A test cluster must never outlive its test.
 */
public final class Launch {

    private Launch() {}

    public static void main(String[] args) throws Exception {
        Thread watch = new Thread(Launch::haltWhenInputCloses, "testbed-parent-watch");
        watch.setDaemon(true);
        watch.start();
        Class.forName(args[0])
                .getMethod("main", String[].class)
                .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
    }

    private static void haltWhenInputCloses() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent.
            }
        } catch (IOException e) {
            // The same as closed.
        }
        Runtime.getRuntime().halt(0);
    }
}
