using System.Text.Json;
using BigPanda.Functions.Alerts.Rebuilding;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Faults;

/// <summary>
/// Has the bridge fold each alert again from what its timeline keeps. The runs are shorter than deliveries are kept, so every alert must be the same, folded
/// from nothing over every row: a state that a crash, a conflict or a repeat has written beside its history is found here.
/// </summary>
internal static class RebuildCheck
{
    public static async Task<IReadOnlyList<string>> FindErrorsAsync(Func<BridgeClient> bridge, IEnumerable<string> incidentIds)
    {
        var wrong = new List<string>();
        foreach (var id in incidentIds)
        {
            var answer = await bridge().PostAsync($"{BridgeClient.AlertPath(id)}/rebuild", "");
            if (answer.Status != 200) wrong.Add($"{id}: its rebuild is answered {answer}");
            else if (JsonSerializer.Deserialize(answer.Body, RebuildJson.Default.RebuildReport) is { } report) wrong.AddRange(FindErrors(report));
        }

        return wrong;
    }

    public static async Task AssertSameAsync(BridgeClient bridge, params IEnumerable<string> incidentIds) =>
        Assert.Empty(await FindErrorsAsync(() => bridge, incidentIds));

    public static IEnumerable<string> FindErrors(RebuildReport report)
    {
        foreach (var one in report.Differences) yield return $"{report.IncidentId}: stored {one.Member} is {one.Stored}, and folded again {one.Folded}";
        if (report.Outcome != RebuildOutcome.Same || report.From is not { Row: 0 } || report.Deliveries != report.Rows)
            yield return $"{report.IncidentId}: {report.Deliveries} of its {report.Rows} rows are folded again. {report.Summary} {string.Concat(report.Notes)}";
    }
}
