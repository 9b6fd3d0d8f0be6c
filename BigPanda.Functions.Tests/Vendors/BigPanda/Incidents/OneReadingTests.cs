using System.Text.Json;
using BigPanda.Functions.Alerts.Api;
using BigPanda.Functions.Alerts.Rules;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Json;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Incidents;
using FsCheck;
using FsCheck.Fluent;

namespace BigPanda.Functions.Tests.Vendors.BigPanda.Incidents;

/// <summary>The worker can read, show and store everything that the intake accepts: a delivery that fails there is a lost alert.</summary>
public sealed class OneReadingTests
{
    private static readonly DateTimeOffset Received = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_accepted_body_is_read_and_stored()
    {
        var accepted = 0;

        Prop.ForAll(MutatedBodies.All, body =>
        {
            if (!IncidentScanner.TryScan(body, out var id, out var error)) return Refused(error);
            accepted++;
            return Kept(body, id);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500).WithQuietOnSuccess(true));

        Assert.InRange(accepted, 500, 1500);
    }

    private static bool Refused(BodyError error) => error.IsJson || error is { Line: > 0, Position: >= 0 };

    private static bool Kept(byte[] body, string id)
    {
        var incident = IncidentReader.Read(body);
        var messageId = MessageIdentity.OfDelivery("main", body, out var fingerprint);
        var reported = new IncidentReported(incident, "main", Received, fingerprint, messageId);
        var decision = AlertLifecycle.Decide(null, reported, Received);
        var (fitted, _) = AlertFit.FitIntoRow(decision.Alert);
        return incident.Id == id
            && Contents.TitleOf(incident).Length is > 0 and <= 200
            && IsStableAsStored(fitted)
            && IsStableAsShown(fitted, decision.Timeline);
    }

    private static bool IsStableAsStored(Alert alert)
    {
        var once = JsonSerializer.SerializeToUtf8Bytes(alert, StoredAlertJson.Default.Alert);
        var again = JsonSerializer.Deserialize(once, StoredAlertJson.Default.Alert);
        return again is not null && once.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(again, StoredAlertJson.Default.Alert));
    }

    private static bool IsStableAsShown(Alert alert, IReadOnlyList<TimelineEntry> timeline)
    {
        var once = JsonSerializer.SerializeToUtf8Bytes(AlertView.Of(alert, new TimelinePage(timeline, null)), AlertViewJson.Default.AlertView);
        var again = JsonSerializer.Deserialize(once, AlertViewJson.Default.AlertView);
        return again is not null && once.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(again, AlertViewJson.Default.AlertView));
    }
}
