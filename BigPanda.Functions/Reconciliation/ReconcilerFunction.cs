using System.Text.Json.Serialization;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Reconciliation;

/// <summary><c>GET /reconciler</c>: the last report. <c>POST /reconciler/run</c>: asks for a run, which begins within a minute.</summary>
public sealed class ReconcilerFunction(ReconcilerStore store, IOptions<ReconcilerOptions> options, ILogger<ReconcilerFunction> logger)
{
    [Function("GetReconciler")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "reconciler")] HttpRequest request, CancellationToken cancellationToken) =>
        StoreOutage.Tables.CatchAsync(request, logger, async () => View(await store.LoadAsync(cancellationToken)), cancellationToken);

    [Function("RunReconciler")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "reconciler/run")] HttpRequest request, CancellationToken cancellationToken) =>
        StoreOutage.Tables.CatchAsync(request, logger, () => AskAsync(request, cancellationToken), cancellationToken);

    private async Task<IResult> AskAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(request, ReconcilerViewJson.Default.RunBody, RunBody.Shape, cancellationToken);
        if (body is null) return Problems.InvalidBody.With(error);
        var isDryRun = body.DryRun ?? options.Value.Mode != ReconcilerOptions.On;
        if (isDryRun) RequestNote.Of(request).With("dry run");
        await store.RequestAsync(new RunRequest(Guid.NewGuid().ToString("N"), isDryRun), cancellationToken);
        return View(await store.LoadAsync(cancellationToken), StatusCodes.Status202Accepted);
    }

    private IResult View(ReconcilerState state, int status = StatusCodes.Status200OK)
    {
        var report = state.Report is { } last ? ReportView.Of(last) : null;
        var view = new ReconcilerView(options.Value.Mode, options.Value.IntervalMinutes, options.Value.CreateFor, WaitingRun.Of(state.Request), report);
        return JsonResponse.Of(view, ReconcilerViewJson.Default.ReconcilerView, status);
    }
}

/// <param name="DryRun">True reports what would be repaired and repairs nothing. Default: as the setting Reconciler__Mode says.</param>
internal sealed record RunBody(bool? DryRun)
{
    public const string Shape = """{"dryRun": true|false}, optional""";
}

/// <param name="Requested">The run that was asked for and has not begun; null for none.</param>
/// <param name="CreateFor">Empty: no alert is created.</param>
/// <param name="LastRun">Null before the first.</param>
internal sealed record ReconcilerView(string Mode, int IntervalMinutes, string CreateFor, WaitingRun? Requested, ReportView? LastRun);

internal sealed record WaitingRun(bool DryRun)
{
    public static WaitingRun? Of(RunRequest? request) => request is null ? null : new WaitingRun(request.IsDryRun);
}

/// <param name="Differences">How many there are of each kind.</param>
/// <param name="Items">The first 50.</param>
internal sealed record ReportView(
    DateTime StartedAt, DateTime EndedAt, bool DryRun, IReadOnlyList<ComparisonView> Systems, IReadOnlyDictionary<DriftKind, int> Differences,
    IReadOnlyList<ReportedDrift> Items)
{
    public static ReportView Of(ReconcilerReport report) => new(
        report.StartedAt.UtcDateTime, report.EndedAt.UtcDateTime, report.IsDryRun, [.. report.Systems.Select(ComparisonView.Of)], report.Counts, report.Items);
}

/// <param name="Open">Firing alerts, or open pages.</param>
/// <param name="Compared">Those that were asked for one by one.</param>
/// <param name="IsComplete">False when the run ended before all were compared: the next one continues.</param>
internal sealed record ComparisonView(
    string System, int Open, int Compared, bool IsComplete, IReadOnlyList<string> Environments, IReadOnlyList<string> ShareTargets,
    IReadOnlyList<string> Problems)
{
    public static ComparisonView Of(Comparison comparison) => new(
        comparison.System, comparison.Open, comparison.Compared, comparison.Cursor is null, [.. comparison.Environments.Select(one => one.Id)],
        comparison.ShareTargets, comparison.Problems);
}

[JsonSerializable(typeof(RunBody))]
[JsonSerializable(typeof(ReconcilerView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
internal sealed partial class ReconcilerViewJson : JsonSerializerContext;
