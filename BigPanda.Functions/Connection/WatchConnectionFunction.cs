using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Connection;

/// <summary>Once an hour: warns when the API key is about to expire.</summary>
public sealed class WatchConnectionFunction(ConnectionWatch watch)
{
    [Function("WatchConnection")]
    public Task RunAsync([TimerTrigger("0 5 * * * *")] TimerInfo timer, CancellationToken cancellationToken) => watch.LookAsync(cancellationToken);
}
