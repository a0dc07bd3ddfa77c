package weir.testbed;

import org.apache.flink.api.java.functions.KeySelector;

/** Integer keys: their hash is the number itself, so the scenario table can compute the subtask of a key. */
final class EventKey implements KeySelector<Event, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer getKey(Event event) {
        return event.key;
    }
}
