namespace BigPanda.LocalHost.Hosting;

/// <summary>One instance of the app: its services, HTTP, timers and queue pumps. Instances of one host share bus, tables and key files, as in Azure.</summary>
internal sealed class AppInstance(LoopbackPort port, WebApplication app, Timers timers) : IAsyncDisposable
{
    public Uri BaseUrl { get; } = new($"http://localhost:{port.Number}");

    public IServiceProvider Services => app.Services;

    public WebApplication App => app;

    public Timers Timers => timers;

    public QueuePumps? Pumps { get; set; }

    /// <summary>Runs a timer function to its end, now.</summary>
    public Task InvokeTimerAsync(string functionName, CancellationToken cancellationToken = default) => timers.RunNowAsync(functionName, cancellationToken);

    public Task StopHttpAsync() => app.StopAsync();

    /// <summary>Releases the services, which running work uses.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        port.Dispose();
    }
}
