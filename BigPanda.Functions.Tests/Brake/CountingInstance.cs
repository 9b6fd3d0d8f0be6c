using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Brake;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Actions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Brake;

/// <summary>The brake of one instance, on tables that it shares with others.</summary>
internal sealed class CountingInstance
{
    public CountingInstance(MemoryTables tables, TimeProvider time, int closes, ILogger<ActionBrake>? logger = null)
    {
        var options = Options.Create(new BrakeOptions { Closes = closes, Pages = closes });
        Store = new BrakeStore(tables);
        Counter = new BrakeCounter(Store, options, time);
        Brake = new ActionBrake(Store, options, time, logger ?? NullLogger<ActionBrake>.Instance);
    }

    public BrakeStore Store { get; }

    public BrakeCounter Counter { get; }

    public ActionBrake Brake { get; }

    public static AlertAction Close(string incidentId) => new CloseIncidentAction(incidentId, "1", "env-1", "fixed").ToAction();

    public Task CountAsync(int closes = 1) => Counter.CountAsync(
        new Alert { IncidentId = "any" }, Enumerable.Repeat(Close("any"), closes), CancellationToken.None);

    public async Task<int> ReadCountAsync() => (await Store.ReadAsync(BrakeKind.Closes, CancellationToken.None)).Counted;

    public async Task<bool> IsHeldAsync()
    {
        try
        {
            await Brake.CheckAsync(Close("any"), CancellationToken.None);
            return false;
        }
        catch (BrakeEngagedException)
        {
            return true;
        }
    }

    public async Task ReleaseAsync(DateTimeOffset at, string actor = "ada", bool drop = false)
    {
        var holding = (await Store.ReadAsync(BrakeKind.Closes, CancellationToken.None)).Holding;
        Assert.NotNull(holding);
        await Store.ReleaseAsync(BrakeKind.Closes, holding.Number, new BrakeRelease(at, actor, drop, null), CancellationToken.None);
    }
}
