namespace BigPanda.LocalHost.Hosting;

/// <summary>All timer functions of the app.</summary>
internal sealed class Timers : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, TimerRunner> _runners;
    private Task _running = Task.CompletedTask;

    public Timers(IReadOnlyList<TimerFunction> functions, IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var scopes = services.GetRequiredService<IServiceScopeFactory>();
        var time = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILogger<Timers>>();
        _runners = functions.ToDictionary(
            function => function.Name,
            function => new TimerRunner(function, SettingReference.Resolve(function.Schedule, configuration), scopes, time, logger),
            StringComparer.OrdinalIgnoreCase);
    }

    public void Start() => _running = Task.WhenAll(_runners.Values.Select(runner => runner.RunOnScheduleAsync(_stop.Token)));

    /// <exception cref="KeyNotFoundException">No timer function has this name.</exception>
    public Task RunNowAsync(string functionName, CancellationToken cancellationToken) => _runners[functionName].RunAsync(cancellationToken);

    /// <returns>false if there is no timer function of that name.</returns>
    public bool TryRunInBackground(string functionName)
    {
        if (!_runners.TryGetValue(functionName, out var runner))
            return false;

        // Not awaited: the runner logs failures, and its disposal waits for the run.
        _ = runner.RunLoggedAsync(_stop.Token);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        foreach (var runner in _runners.Values)
            await runner.DisposeAsync();
        _stop.Dispose();
    }
}
