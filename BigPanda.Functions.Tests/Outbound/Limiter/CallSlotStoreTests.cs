using Azure.Data.Tables;
using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using Moq;

namespace BigPanda.Functions.Tests.Outbound.Limiter;

public sealed class CallSlotStoreTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Of_two_instances_that_take_the_same_slot_one_gets_it()
    {
        var store = await NewAsync();
        var (seenByA, seenByB) = (await store.ReadAsync(CancellationToken.None), await store.ReadAsync(CancellationToken.None));

        Assert.True(await store.TryWriteAsync(seenByA, Plan(seenByA, "a", 2), "a", CancellationToken.None));
        Assert.False(await store.TryWriteAsync(seenByB, Plan(seenByB, "b", 2), "b", CancellationToken.None));

        var now = await store.ReadAsync(CancellationToken.None);
        Assert.Equal(["a", "a"], now.Slots.Select(slot => slot.Holder));
        Assert.All(now.Slots, slot => Assert.InRange(now.Now - slot.At, TimeSpan.FromSeconds(-2), Eventually.Deadline));
    }

    [Fact]
    public async Task A_renewal_by_an_instance_that_was_overtaken_changes_nothing()
    {
        var store = await NewAsync();
        var first = await store.ReadAsync(CancellationToken.None);
        await store.TryWriteAsync(first, Plan(first, "a", 1), "a", CancellationToken.None);
        var seenByA = await store.ReadAsync(CancellationToken.None);
        var late = seenByA with { Now = seenByA.Now.AddMinutes(1) };
        Assert.True(await store.TryWriteAsync(late, Plan(late, "b", 4), "b", CancellationToken.None));

        Assert.False(await store.TryWriteAsync(seenByA, Plan(seenByA, "a", 1), "a", CancellationToken.None));

        Assert.Equal(["b", "b", "b", "b"], (await store.ReadAsync(CancellationToken.None)).Slots.Select(slot => slot.Holder));
    }

    [Fact]
    public async Task What_is_released_is_free_and_who_wants_more_says_so_until_it_has_it()
    {
        var store = await NewAsync();
        var empty = await store.ReadAsync(CancellationToken.None);
        await store.TryWriteAsync(empty, Plan(empty, "a", 4), "a", CancellationToken.None);
        var full = await store.ReadAsync(CancellationToken.None);
        Assert.True(await store.TryWriteAsync(full, Plan(full, "b", 1), "b", CancellationToken.None));
        var wanted = await store.ReadAsync(CancellationToken.None);
        Assert.Equal("b", Assert.Single(wanted.Wants).Instance);

        await store.TryWriteAsync(wanted, Plan(wanted, "a", 4), "a", CancellationToken.None);
        var released = await store.ReadAsync(CancellationToken.None);
        Assert.Equal(2, released.Slots.Count(slot => slot.Holder.Length == 0));
        await store.TryWriteAsync(released, Plan(released, "b", 1), "b", CancellationToken.None);

        var shared = await store.ReadAsync(CancellationToken.None);
        Assert.Equal(
            (2, 1, 1),
            (
                shared.Slots.Count(slot => slot.Holder == "a"), shared.Slots.Count(slot => slot.Holder == "b"),
                shared.Slots.Count(slot => slot.Holder.Length == 0)));
        Assert.DoesNotContain(shared.Wants, want => want.Instance == "b");
    }

    [Fact]
    public async Task The_longest_of_the_pauses_that_instances_save_at_once_holds()
    {
        var store = await NewAsync();
        Assert.Equal(TimeSpan.Zero, await store.GetPauseLeftAsync("one", CancellationToken.None));

        await Task.WhenAll(new[] { 30, 600, 60 }.Select(seconds => store.SavePauseAsync("one", TimeSpan.FromSeconds(seconds), CancellationToken.None)));
        await store.SavePauseAsync("one", TimeSpan.FromSeconds(90), CancellationToken.None);

        Assert.InRange(await store.GetPauseLeftAsync("one", CancellationToken.None), TimeSpan.FromSeconds(500), TimeSpan.FromSeconds(602));
        Assert.Equal(TimeSpan.Zero, await store.GetPauseLeftAsync("two", CancellationToken.None));
        Assert.Empty((await store.ReadAsync(CancellationToken.None)).Slots);
    }

    private static SlotPlan Plan(SlotTable table, string me, int needed) => SlotPlan.Of(table, me, 4, Interval, new SlotDemand(needed, false));

    private async Task<CallSlotStore> NewAsync()
    {
        var table = await azurite.NewTableAsync();
        var tables = new Mock<TableServiceClient>();
        tables.Setup(known => known.GetTableClient(TableNames.CallSlots)).Returns(table);
        return new CallSlotStore(tables.Object, "bigpanda");
    }
}
