using System.Text.Json.Nodes;
using System.Xml;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Storage;
using BigPanda.LocalHost.Bus;
using BigPanda.LocalHost.Hosting;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>What is deployed is what the code declares, and what the local host runs on.</summary>
public sealed class QueueAndTableTests
{
    private static readonly BicepFile Bus = BicepFiles.Named("servicebus.bicep");

    private static JsonObject Queue => Bus.Resource("queues").Properties;

    [Fact]
    public void The_queues_are_the_codes()
    {
        Assert.Equal("queueNames", Bus.Resource("queues").Loop);
        Assert.Equal(Queues.All.Order(StringComparer.Ordinal), Bus.TextList("queueNames").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_queue_is_what_the_local_bus_makes_of_it() => Assert.All(QueueDeclarations.For([]), local =>
    {
        var deployed = new QueueDescription(local.Name)
        {
            RequiresSession = Flag("requiresSession"),
            LockDuration = Time("lockDuration"),
            MaxDeliveryCount = (int)(Queue["maxDeliveryCount"] ?? 0),
            DuplicateDetectionWindow = Flag("requiresDuplicateDetection") ? Time("duplicateDetectionHistoryTimeWindow") : TimeSpan.Zero,
            DefaultTimeToLive = Time("defaultMessageTimeToLive"),
            DeadLetterOnExpiration = Flag("deadLetteringOnMessageExpiration"),
        };

        Assert.Equal(local, deployed);
    });

    /// <summary>The emulator keeps a message for an hour at most, and has no setting for some of what Azure has.</summary>
    [Fact]
    public void The_emulators_queues_are_the_deployed_ones()
    {
        string[] without = ["maxSizeInMegabytes", "enableBatchedOperations", "enablePartitioning"];
        var space = JsonNode.Parse(File.ReadAllText(Repository.PathOf("infra", "emulator", "servicebus-config.json")))?["UserConfig"]?["Namespaces"]?[0];
        var queues = space?["Queues"] as JsonArray ?? [];

        // The only name it takes.
        Assert.Equal("sbemulatorns", space?["Name"]?.ToString());
        Assert.Equal(Queues.All.Order(StringComparer.Ordinal), queues.Select(queue => queue?["Name"]?.ToString()).Order(StringComparer.Ordinal));
        var expected = Queue.Where(setting => !without.Contains(setting.Key)).Select(setting => $"{setting.Key}: {(setting.Key == "defaultMessageTimeToLive" ? "PT1H" : setting.Value)}");
        Assert.All(queues, queue => Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            (queue?["Properties"] as JsonObject ?? []).Select(setting => $"{char.ToLowerInvariant(setting.Key[0])}{setting.Key[1..]}: {setting.Value}").Order(StringComparer.Ordinal)));
    }

    /// <summary>Duplicate detection compares the message id alone only where there are no partitions.</summary>
    [Fact]
    public void The_queues_have_no_partitions() => Assert.False(Flag("enablePartitioning"));

    [Fact]
    public void The_tables_are_the_codes()
    {
        var storage = BicepFiles.Named("storage.bicep");

        Assert.Equal("tableNames", storage.Resource("tables").Loop);
        Assert.Equal(TableNames.All.Order(StringComparer.Ordinal), storage.TextList("tableNames").Order(StringComparer.Ordinal));
    }

    private static bool Flag(string name) => (bool)(Queue[name] ?? false);

    private static TimeSpan Time(string name) => XmlConvert.ToTimeSpan(BicepFile.Text(Queue[name]));
}
