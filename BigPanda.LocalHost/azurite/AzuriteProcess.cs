using BigPanda.LocalHost.Hosting;

namespace BigPanda.LocalHost.Azurite;

/// <summary>Azurite's table service for one data folder, in a separate process.</summary>
internal sealed partial class AzuriteProcess : IAsyncDisposable
{
    private readonly AzuriteOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private AzuriteChild? _child;

    private AzuriteProcess(AzuriteOptions options, ILogger logger, TimeProvider time, AzuriteChild child)
    {
        _options = options;
        _logger = logger;
        _time = time;
        Port = child.Port;
        Monitor(child);
    }

    /// <summary>Raised when Azurite ends unexpectedly.</summary>
    public event EventHandler? Exited;

    public int Port { get; }

    public string ConnectionString => AzuriteAccount.ConnectionString(Port);

    /// <exception cref="LocalHostException">Node.js or Azurite is missing, or Azurite does not start.</exception>
    public static async Task<AzuriteProcess> StartAsync(AzuriteOptions options, ILogger logger, TimeProvider time, CancellationToken ct)
    {
        var earlier = options.InMemory ? null : await TakeOverAsync(options, logger, time, ct);
        var child = await StartChildAsync(options, options.Port ?? FreePort.Choose(earlier?.Port), time, ct);
        return new AzuriteProcess(options, logger, time, child);
    }

    public Task StopAsync(CancellationToken ct) => SuspendAsync(ct);

    /// <summary>Stops the tables: what is on disk stays, the port closes.</summary>
    public async Task SuspendAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _child, null) is not { } child)
            return;
        await child.StopAsync(ct);
        child.Dispose();
    }

    /// <summary>Starts the tables again, on the same port.</summary>
    public async Task ResumeAsync(CancellationToken ct)
    {
        if (_child is not null)
            throw new InvalidOperationException("Azurite is running.");
        Monitor(await StartChildAsync(_options, Port, _time, ct));
    }

    public ValueTask DisposeAsync() => new(StopAsync(CancellationToken.None));

    private static Task<AzuriteRecord?> TakeOverAsync(AzuriteOptions options, ILogger logger, TimeProvider time, CancellationToken ct)
    {
        PrivateFolder.Prepare(options.Directory);
        return new EarlierAzurite(options, logger, time).EndAsync(ct);
    }

    private static async Task<AzuriteChild> StartChildAsync(AzuriteOptions options, int port, TimeProvider time, CancellationToken ct)
    {
        var child = await AzuriteChild.StartAsync(options, port, time, ct);
        if (!options.InMemory)
            child.Record.Write(options.Directory);
        return child;
    }

    private void Monitor(AzuriteChild child)
    {
        _child = child;
        _ = MonitorAsync(child);
    }

    private async Task MonitorAsync(AzuriteChild child)
    {
        var how = await child.Ended;
        // SuspendAsync removes the child before it stops it: a child that is still set has ended unexpectedly.
        if (Interlocked.CompareExchange(ref _child, null, child) != child)
            return;
        child.Dispose();
        Log.Ended(_logger, how);
        Exited?.Invoke(this, EventArgs.Empty);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{How} Alerts are neither applied nor listed, and accepted webhooks wait. Stop ./run and start it again")]
        public static partial void Ended(ILogger logger, string how);
    }
}
