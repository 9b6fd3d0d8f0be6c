using BigPanda.Functions.Actions;
using BigPanda.Functions.Sources;
using BigPanda.Functions.Sources.Gate;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Actions;

/// <summary>A callback of a source that another instance has changed since this one has read it.</summary>
public sealed class CallbackSourceTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void It_is_sent_when_the_source_has_got_an_app_key(bool hasKeyNow, int calls) => Assert.Equal(calls, VirtualWorld.Run(async world =>
    {
        var (tables, queue, bigPanda) = (new MemoryTables(world.Time), new ActionQueue(), new TakingBigPanda(world.Time));
        var source = new AlertSource { Id = "main", Name = "Main", CreatedAt = Deliveries.Start, Tokens = [] };
        var instance = new AppInstance(world, tables, queue, bigPanda);
        await instance.Get<SourceStore>().AddAsync(source, CancellationToken.None);
        await instance.Get<SourceCatalog>().RefreshAsync(CancellationToken.None);
        await instance.Get<SourceStore>().ChangeAsync("main", known => known with { AppKey = hasKeyNow ? "app" : null }, CancellationToken.None);
        queue.Add(ActionMessages.Of(new SendCallbackAction("incident", "1", "main", world.Time.GetUtcNow()).ToAction()));

        await instance.WorkAsync(queue);

        await instance.DisposeAsync();
        return bigPanda.Calls.Count;
    }));
}
