using System.Text.Json.Nodes;
using System.Xml;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Infra;

/// <summary>host.json and the queues' settings must fit each other.</summary>
public sealed class HostJsonTests
{
    private static readonly JsonNode Host = JsonNode.Parse(File.ReadAllText(Checkout.PathOf("host.json"))) ?? new JsonObject();

    private static JsonNode Bus => Host["extensions"]?["serviceBus"] ?? new JsonObject();

    private static TimeSpan Lock =>
        Snapshot.Of(Snapshot.Production)
            .All("Microsoft.ServiceBus/namespaces/queues").Min(queue => XmlConvert.ToTimeSpan(Snapshot.Properties(queue)["lockDuration"]?.ToString() ?? ""));

    /// <summary>The default is a minute, in which a slot waits for an incident without further messages: eight incidents a minute.</summary>
    [Fact]
    public void A_slot_leaves_a_quiet_session_well_before_its_lock_ends() =>
        Assert.InRange(Time(Bus["sessionIdleTimeout"]), TimeSpan.FromMilliseconds(500), Lock / 10);

    [Fact]
    public void A_lock_is_renewed_for_as_long_as_a_function_may_run() => Assert.True(Time(Bus["maxAutoLockRenewalDuration"]) >= Time(Host["functionTimeout"]));

    /// <summary>A hanging attempt takes half a minute, and so does settling; Service Bus detaches a link that is idle for ten minutes.</summary>
    [Fact]
    public void A_message_that_waits_is_released_before_its_function_is_ended()
    {
        Assert.True(OutageWait.MaxWait + TimeSpan.FromSeconds(75) < Time(Host["functionTimeout"]));
        Assert.True(Time(Host["functionTimeout"]) <= TimeSpan.FromMinutes(10));
    }

    /// <summary>Settlement dead-letters with a reason; if the host completed messages too, they would be settled twice.</summary>
    [Fact]
    public void The_code_settles_its_messages() => Assert.False((bool)(Bus["autoCompleteMessages"] ?? true));

    /// <summary>With it the host would ignore the configured number of sessions.</summary>
    [Fact]
    public void Concurrency_is_not_left_to_the_host() => Assert.Null(Host["concurrency"]);

    [Fact]
    public void Host_and_worker_send_telemetry_the_same_way() => Assert.Equal("OpenTelemetry", Host["telemetryMode"]?.ToString());

    /// <summary>At Information the host's web server, proxy and client log URLs; a monitor's may hold its token (azure-functions-host 11602).</summary>
    [Theory]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("System.Net.Http")]
    [InlineData("Yarp")]
    public void The_host_logs_no_URL(string category) => Assert.Equal("Warning", Host["logging"]?["logLevel"]?[category]?.ToString());

    private static TimeSpan Time(JsonNode? value) => TimeSpan.Parse(value?.ToString() ?? "0", System.Globalization.CultureInfo.InvariantCulture);
}
