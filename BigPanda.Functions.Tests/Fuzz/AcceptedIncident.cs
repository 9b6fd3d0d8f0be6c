using System.Text.Json;
using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Incidents;

namespace BigPanda.Functions.Tests.Fuzz;

/// <summary>The worker can read, plan, show and store everything that the intake accepts: a delivery that fails there is a lost alert.</summary>
internal static class AcceptedIncident
{
    private static readonly DateTimeOffset Received = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    public static void Examine(byte[] body, string id)
    {
        var incident = IncidentReader.Read(body);
        Assert.Equal(id, incident.Id);
        Assert.InRange(Contents.TitleOf(incident).Length, 1, 200);
        var messageId = MessageIdentity.OfDelivery("main", body, out var fingerprint);
        var decision = new PagedAlert().Take(new IncidentReported(incident, "main", Received, fingerprint, messageId), Received);
        var (fitted, _) = AlertFit.FitIntoRow(decision.Alert);
        AssertStable(fitted, StoredAlertJson.Default.Alert);
        AssertStable(AlertView.Of(fitted, new TimelinePage(decision.Timeline, null)), AlertViewJson.Default.AlertView);
    }

    private static void AssertStable<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        var once = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var again = JsonSerializer.Deserialize(once, type) ?? throw new InvalidOperationException("Nothing was read.");
        Assert.True(once.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(again, type)), "What is stored or shown changes when it is read.");
    }
}
