namespace BigPanda.Functions.Tests.Support;

/// <summary>One local host for the tests of a class.</summary>
public sealed class RunningBridgeFixture : IAsyncLifetime
{
    private RunningBridge? _bridge;

    internal RunningBridge Bridge => _bridge ?? throw new InvalidOperationException("xunit has not started the fixture.");

    public async Task InitializeAsync() => _bridge = await RunningBridge.StartAsync();

    public async Task DisposeAsync() => await Bridge.DisposeAsync();
}
