package weir.testbed;

/** The one record type. A POJO by Flink's rules, so no generic (Kryo) serializer distorts the measurements. */
public final class Event {
    public int key;
    public long sequence;
    public byte[] payload;

    public Event() {}

    public Event(int key, long sequence, byte[] payload) {
        this.key = key;
        this.sequence = sequence;
        this.payload = payload;
    }
}
