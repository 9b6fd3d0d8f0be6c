using BigPanda.Functions.Messaging;
using BigPanda.LocalHost.Bus;

namespace BigPanda.LocalHost.Hosting;

/// <summary>The queues as the Bicep files declare them.</summary>
internal static class QueueDeclarations
{
    public static IReadOnlyList<QueueDescription> For(IReadOnlyList<QueueFunction> functions) =>
        [.. functions.Select(function => function.Queue).Union(Queues.All).Order(StringComparer.Ordinal).Select(Declare)];

    private static QueueDescription Declare(string name) => new(name)
    {
        RequiresSession = true,
        LockDuration = TimeSpan.FromMinutes(5),
        MaxDeliveryCount = int.MaxValue,
        DuplicateDetectionWindow = TimeSpan.FromMinutes(10),
        DefaultTimeToLive = TimeSpan.FromDays(14),
    };
}
