using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Operations;

/// <summary>Every five minutes: asks each dependency, so that readiness is measured also where nobody asks for it.</summary>
public sealed partial class WatchReadinessFunction(DependencyChecks checks, ILogger<WatchReadinessFunction> logger)
{
    [Function("WatchReadiness")]
    public async Task RunAsync([TimerTrigger("15 */5 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        foreach (var dependency in await checks.RunAsync(cancellationToken))
        {
            if (!dependency.Healthy) Log.NotReady(logger, dependency.Name, dependency.Detail);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Dependency} is not ready: {Detail}")]
        public static partial void NotReady(ILogger logger, string dependency, string detail);
    }
}
