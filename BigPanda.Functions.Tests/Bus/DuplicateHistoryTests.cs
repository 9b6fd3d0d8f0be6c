using BigPanda.LocalHost.Bus.Queues;
using BigPanda.LocalHost.Bus.Storage;

namespace BigPanda.Functions.Tests.Bus;

public sealed class DuplicateHistoryTests
{
    private static readonly long Second = TimeSpan.TicksPerSecond;

    [Fact]
    public void It_agrees_with_a_dictionary_over_many_random_steps()
    {
        var random = new Random(20260105);
        var history = new DuplicateHistory(TimeSpan.FromSeconds(60));
        var reference = new Dictionary<int, long>();
        var now = 1000 * Second;
        for (var step = 0; step < 200_000; step++)
        {
            now += random.Next(4) == 0 ? random.Next((int)Second / 100) : 0;
            var id = random.Next(20_000);
            var known = reference.TryGetValue(id, out var at) && now - at < 60 * Second && Milliseconds(now) - Milliseconds(at) < 60_000;
            Assert.Equal(known, history.Contains(Key(id), now));
            if (known && random.Next(10) == 0)
            {
                history.Forget(Key(id));
                reference.Remove(id);
            }
            else if (!known)
            {
                history.Add(Key(id), now);
                reference[id] = now;
            }
        }
    }

    [Fact]
    public void It_gives_its_memory_back_when_the_window_has_passed()
    {
        var history = new DuplicateHistory(TimeSpan.FromSeconds(60));
        for (var id = 0; id < 100_000; id++)
            history.Add(Key(id), Second);
        Assert.Equal(100_000, history.Count);
        Assert.False(history.Contains(Key(1), 61 * Second));
        Assert.Equal(0, history.Count);
    }

    [Fact]
    public void Ids_differ_in_every_letter() => Assert.NotEqual(MessageKey.Of("incident-a"), MessageKey.Of("incident-A"));

    private static MessageKey Key(int id) => MessageKey.Of($"id-{id}");

    private static long Milliseconds(long ticks) => ticks / TimeSpan.TicksPerMillisecond;
}
