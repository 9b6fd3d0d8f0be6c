using BigPanda.Functions.Storage;
using Microsoft.Extensions.Time.Testing;

namespace BigPanda.Functions.Tests.Storage;

public sealed class MemoryReliefTests : IDisposable
{
    private const long Megabyte = 1024 * 1024;
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _done = [];
    private readonly MemoryRelief _relief;

    public MemoryReliefTests() => _relief = new MemoryRelief(_time, compact => _done.Add(compact ? "compact" : "collect"));

    public void Dispose() => _relief.Dispose();

    [Fact]
    public void Garbage_is_collected_every_64_MiB_during_a_burst_and_the_heap_is_compacted_once_after_it()
    {
        for (var body = 0; body < 16; body++)
        {
            _relief.Released(16 * Megabyte);
            _time.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.Equal(["collect", "collect", "collect", "collect"], _done);
        _time.Advance(MemoryRelief.Quiet);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["collect", "collect", "collect", "collect", "compact"], _done);
    }

    [Fact]
    public void A_single_body_of_a_megabyte_is_left_to_the_runtime()
    {
        _relief.Released(Megabyte);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Empty(_done);
    }
}
