using System.Text.Json.Nodes;
using System.Xml;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.Functions.Tests.Support;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>The deployed queues and tables are those that the code declares and the local host uses.</summary>
public sealed class QueueAndTableTests
{
    private static readonly Snapshot Deployed = Snapshot.Of(Snapshot.Production);

    private static IReadOnlyList<JsonObject> Deployments => Deployed.All("Microsoft.ServiceBus/namespaces/queues");

    [Fact]
    public void The_deployed_queues_are_those_of_the_code() =>
        Assert.Equal(Queues.All.Order(StringComparer.Ordinal), Deployments.Select(Snapshot.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void A_deployed_queue_has_the_settings_of_the_local_queue() => Assert.All(QueueDeclarations.For([]), local =>
    {
        var queue = Queue(local.Name);
        var deployed = new QueueDescription(local.Name)
        {
            RequiresSession = Flag(queue, "requiresSession"),
            LockDuration = Time(queue, "lockDuration"),
            MaxDeliveryCount = (int)(queue["maxDeliveryCount"] ?? 0),
            DuplicateDetectionWindow = Flag(queue, "requiresDuplicateDetection") ? Time(queue, "duplicateDetectionHistoryTimeWindow") : TimeSpan.Zero,
            DefaultTimeToLive = Time(queue, "defaultMessageTimeToLive"),
            DeadLetterOnExpiration = Flag(queue, "deadLetteringOnMessageExpiration"),
        };

        Assert.Equal(local, deployed);
    });

    /// <summary>In an outage of fourteen days with a delivery every five minutes, none may make a dead letter.</summary>
    [Fact]
    public void No_number_of_deliveries_makes_a_dead_letter() =>
        Assert.All(Deployments, queue => Assert.Equal(int.MaxValue, (int)(Snapshot.Properties(queue)["maxDeliveryCount"] ?? 0)));

    /// <summary>The emulator keeps a message for at most an hour, delivers it ten times, and lacks some of Azure's settings.</summary>
    [Fact]
    public void The_emulators_queues_are_the_deployed_ones()
    {
        string[] without = ["maxSizeInMegabytes", "enableBatchedOperations", "enablePartitioning"];
        // The emulator refuses to start with other values of these two.
        var own = new Dictionary<string, string> { ["defaultMessageTimeToLive"] = "PT1H", ["maxDeliveryCount"] = "10" };
        var space = JsonNode.Parse(File.ReadAllText(Checkout.PathOf("infra", "emulator", "servicebus-config.json")))?["UserConfig"]?["Namespaces"]?[0];
        var queues = space?["Queues"] as JsonArray ?? [];

        // The only name that the emulator accepts.
        Assert.Equal("sbemulatorns", space?["Name"]?.ToString());
        Assert.Equal(Queues.All.Order(StringComparer.Ordinal), queues.Select(queue => queue?["Name"]?.ToString()).Order(StringComparer.Ordinal));
        Assert.All(queues, queue => Assert.Equal(
            Queue(queue?["Name"]?.ToString() ?? "").Where(setting => !without.Contains(setting.Key))
                .Select(setting => $"{setting.Key}: {own.GetValueOrDefault(setting.Key, $"{setting.Value}")}").Order(StringComparer.Ordinal),
            (queue?["Properties"] as JsonObject ?? [])
                .Select(setting => $"{char.ToLowerInvariant(setting.Key[0])}{setting.Key[1..]}: {setting.Value}").Order(StringComparer.Ordinal)));
    }

    /// <summary>With partitions, duplicate detection would compare the partition key too.</summary>
    [Fact]
    public void The_queues_have_no_partitions() => Assert.All(Deployments, queue => Assert.False(Flag(Snapshot.Properties(queue), "enablePartitioning")));

    [Fact]
    public void The_deployed_tables_are_those_of_the_code() => Assert.Equal(
        TableNames.All.Order(StringComparer.Ordinal),
        Deployed.All("Microsoft.Storage/storageAccounts/tableServices/tables").Select(Snapshot.Name).Order(StringComparer.Ordinal));

    private static JsonObject Queue(string name) => Snapshot.Properties(Assert.Single(Deployments, queue => Snapshot.Name(queue) == name));

    private static bool Flag(JsonObject queue, string name) => (bool)(queue[name] ?? false);

    private static TimeSpan Time(JsonObject queue, string name) => XmlConvert.ToTimeSpan(queue[name]?.ToString() ?? "");
}
