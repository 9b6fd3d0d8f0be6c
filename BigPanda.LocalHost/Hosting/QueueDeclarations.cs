using BigPanda.LocalHost.Bus;

namespace BigPanda.LocalHost.Hosting;

/// <summary>The queues as the Bicep files make them in Azure.</summary>
internal static class QueueDeclarations
{
    // The app sends to these even where no function of the catalogue listens.
    private static readonly string[] Sent = ["alert-events", "bigpanda-actions"];

    public static IReadOnlyList<QueueDescription> For(IReadOnlyList<QueueFunction> functions) =>
        [.. functions.Select(function => function.Queue).Union(Sent).Order(StringComparer.Ordinal).Select(Declare)];

    private static QueueDescription Declare(string name) => new(name)
    {
        RequiresSession = true,
        LockDuration = TimeSpan.FromMinutes(1),
        MaxDeliveryCount = 10,
        DuplicateDetectionWindow = TimeSpan.FromMinutes(10),
        DefaultTimeToLive = TimeSpan.FromDays(14),
    };
}
