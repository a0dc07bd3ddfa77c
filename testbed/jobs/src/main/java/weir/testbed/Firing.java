package weir.testbed;

import org.apache.flink.streaming.api.functions.windowing.WindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;
import weir.testbed.work.Parking;

/** What a window costs when it ends: {@code fireParkUs} for each key, all keys at once. */
final class Firing implements WindowFunction<Event, Event, Integer, TimeWindow> {
    private static final long serialVersionUID = 1L;

    private final long parkNanos;
    private transient Parking parking;

    Firing(NodeSpec node) {
        this.parkNanos = node.number("fireParkUs", 0) * 1000;
    }

    @Override
    public void apply(Integer key, TimeWindow window, Iterable<Event> last, Collector<Event> out) {
        if (parking == null) {
            parking = new Parking();
        }
        parking.park(parkNanos);
        last.forEach(out::collect);
    }
}
