using BigPanda.Functions.Tests.Support;
using Microsoft.Playwright;

namespace BigPanda.Console.Tests.Support;

/// <summary>A bridge for the tests of one class, which tell their alerts and sources apart by their ids.</summary>
public class ConsoleFixture : BrowserFixture
{
    private RunningBridge? _bridge;

    internal RunningBridge Bridge => _bridge ?? throw new InvalidOperationException("The bridge has not been started.");

    protected virtual bool SignsIn => false;

    private protected override Uri Site => Bridge.Host.BaseUrl;

    /// <summary>Incidents that BigPanda opens now, once their alerts fire.</summary>
    internal async Task FireAsync(params string[] ids)
    {
        foreach (var id in ids) await Bridge.PlayAsync(id, "new");
        foreach (var id in ids) await Bridge.WaitForAsync(id, "firing");
    }

    internal override ConsoleWindow Show(IPage page, bool isPhone) => new(page, Site, Bridge.Host.CreateSignInLink, isPhone);

    protected override async Task StartAsync() => _bridge = await RunningBridge.StartAsync(options => options with { SignsIn = SignsIn });

    protected override async Task StopAsync()
    {
        if (_bridge is not null) await _bridge.DisposeAsync();
    }
}
