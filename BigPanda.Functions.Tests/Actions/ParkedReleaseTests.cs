using Azure.Data.Tables;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Actions;

[Collection(BridgeCollection.Name)]
public sealed class ParkedReleaseTests(AppFixture app)
{
    private const string Good = """{"kind":"close","IncidentId":"good","ActionId":"1","EnvironmentId":"env-1","Comment":"Resolved"}""";

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("""{"kind":"not-known-yet","IncidentId":"new","ActionId":"1","EnvironmentId":null,"Comment":""}""")]
    public Task An_action_that_cannot_be_read_does_not_hold_up_the_others(string? unreadable) => AssertReleasesAsync(unreadable, DestinationMode.On);

    [Theory]
    [InlineData(DestinationMode.Off)]
    [InlineData(DestinationMode.Shadow)]
    public Task While_the_mode_is_not_on_nothing_is_released(DestinationMode mode) => AssertReleasesAsync(null, mode);

    private async Task AssertReleasesAsync(string? unreadable, DestinationMode mode)
    {
        var services = app.Host.Services;
        var tables = new MemoryTables(TimeProvider.System);
        foreach (var (i, json) in new[] { unreadable, Good }.Index())
            await tables.GetTableClient(TableNames.ParkedActions).AddEntityAsync(new TableEntity("parked", $"{i}") { ["Action"] = json });
        var release = new ParkedRelease(
            new ParkedActions(tables, NullLogger<ParkedActions>.Instance), services.GetRequiredService<ActionReports>(),
            services.GetRequiredService<MessageSender>(), new AlertPolicy { BigPanda = mode }, NullLogger<ParkedRelease>.Instance);

        var parked = await release.ListAsync(services.GetRequiredService<BigPandaTarget>(), DateTimeOffset.MaxValue, CancellationToken.None);

        Assert.Equal(mode == DestinationMode.On ? ["good"] : [], parked.Select(action => action.Action.IncidentId));
    }

    [Fact]
    public async Task The_parked_actions_of_a_destination_are_counted_up_to_a_number()
    {
        var parked = new ParkedActions(new MemoryTables(TimeProvider.System), NullLogger<ParkedActions>.Instance);
        for (var i = 0; i < 5; i++)
        {
            var action = new AlertAction { Kind = "close", IncidentId = $"incident-{i}", ActionId = "1" };
            await parked.AddAsync(new ActionDelivery(action, 1), new Parking(DateTimeOffset.UnixEpoch, TimeSpan.Zero), CancellationToken.None);
        }

        Assert.Equal((3, 5), (await parked.CountAsync(3, CancellationToken.None), await parked.CountAsync(10, CancellationToken.None)));
    }
}
