using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using BigPanda.Functions.Alerts.Rules.History;
using BigPanda.Functions.Alerts.Storage;
using BigPanda.Functions.Http;
using BigPanda.Functions.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Alerts.Api;

/// <summary><c>GET /alerts</c>: pages of summaries, newest firing first; <c>include=alerts,changes</c> adds the details.</summary>
public sealed class ListAlertsFunction(AlertListing listing, ILogger<ListAlertsFunction> logger)
{
    [Function("ListAlerts")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "alerts")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!TryRead(request.Query, out var query, out var include, out var problem)) return Task.FromResult(problem);
        return StoreOutage.Tables.CatchAsync(
            request,
            logger,
            async () => Results.Bytes(
                await new AlertPage(query, include).FillAsync(listing.ReadAsync(query, cancellationToken), cancellationToken),
                "application/json; charset=utf-8"),
            cancellationToken);
    }

    private static bool TryRead(IQueryCollection values, out AlertQuery query, out IReadOnlyList<string> include, [NotNullWhen(false)] out IResult? problem)
    {
        query = new AlertQuery
        {
            Severity = QueryText.Of(values, "severity"),
            Environment = QueryText.Of(values, "environment"),
            Search = QueryText.Of(values, "search"),
        };
        problem = QueryText.FindRepeated(values, "severity", "environment", "search") is { } error ? Problems.InvalidParameter.With(error) : null;
        include = QueryText.Of(values, "include")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (include.Any(detail => detail is not (AlertPage.IncludeAlerts or AlertPage.IncludeChanges)))
            problem = Problems.InvalidParameter.With($"include must be {AlertPage.IncludeAlerts}, {AlertPage.IncludeChanges} or both, separated by a comma.");
        query = query with { WithDetails = include.Count > 0 };

        if (QueryText.Of(values, "status") is { } status)
        {
            // TryParse accepts numbers too.
            if (!Enum.TryParse<AlertStatus>(status, ignoreCase: true, out var wanted) || !wanted.ToString().Equals(status, StringComparison.OrdinalIgnoreCase))
                problem = Problems.InvalidParameter.With("status must be firing or resolved.");
            query = query with { Status = wanted };
        }

        if (QueryText.Of(values, "acknowledged") is { } acknowledged)
        {
            if (!bool.TryParse(acknowledged, out var wanted)) problem = Problems.InvalidParameter.With("acknowledged must be true or false.");
            query = query with { Acknowledged = wanted };
        }

        var (limit, limitProblem) = QueryText.NumberOf(values, "limit", AlertQuery.DefaultLimit, AlertQuery.MaxLimit);
        problem = limitProblem ?? problem;
        query = query with { Limit = limit };

        if (QueryText.Of(values, "continuation") is { } continuation)
        {
            if (Decode(continuation) is { } position) query = query with { Position = position };
            else problem = Problems.InvalidContinuation.With("Invalid continuation token. Omit it to start from the first page.");
        }

        return problem is null;
    }

    private static ListPosition? Decode(string continuation)
    {
        try
        {
            return ListPosition.Parse(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(continuation)));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>A page of a list as JSON, written item by item and bounded in items and bytes, which bounds the memory per request.</summary>
internal sealed class AlertPage(AlertQuery query, IReadOnlyCollection<string> include)
{
    /// <summary>Size of the items, without the envelope.</summary>
    public const int MaxBytes = 1024 * 1024;

    public const string IncludeAlerts = "alerts";
    public const string IncludeChanges = "changes";

    private readonly ArrayBufferWriter<byte> _items = new(16 * 1024);
    private int _count;
    private ListPosition? _last;

    /// <returns><c>{"items":[…],"continuation":…}</c>; the continuation is null on the last page.</returns>
    public async Task<ReadOnlyMemory<byte>> FillAsync(IAsyncEnumerable<ListedAlert> alerts, CancellationToken cancellationToken)
    {
        await foreach (var listed in alerts.WithCancellation(cancellationToken))
        {
            if (listed.Summary is not { } summary) return Document(listed.Position);
            if (_count == query.Limit || !TryAdd(summary)) return Document(_last);
            _last = listed.Position;
        }

        return Document(null);
    }

    /// <summary>An alert larger than a page is listed without its details: it would fit no page and block the listing.</summary>
    private bool TryAdd(AlertSummary summary)
    {
        var item = Json(View(summary));
        if (item.Length > MaxBytes)
            item = Json(AlertView.Of(summary) with { Omitted = "Alerts and changes are larger than a page. GET /alerts/{incidentId} returns them." });
        if (_items.WrittenCount + item.Length > MaxBytes) return false;
        if (_count++ > 0) _items.Write(","u8);
        _items.Write(item);
        return true;
    }

    private AlertView View(AlertSummary summary)
    {
        var view = AlertView.Of(summary);
        if (summary.Whole is not { Content: var content }) return view;
        return view with
        {
            Alerts = include.Contains(IncludeAlerts) ? AlertView.Details(content) : null,
            RelatedChanges = include.Contains(IncludeChanges) ? content.RelatedChanges : null,
        };
    }

    private ReadOnlyMemory<byte> Document(ListPosition? next)
    {
        var page = new ArrayBufferWriter<byte>(_items.WrittenCount + 512);
        page.Write("{\"items\":["u8);
        page.Write(_items.WrittenSpan);
        page.Write("],\"continuation\":"u8);
        page.Write(next is null ? "null"u8 : Encoding.ASCII.GetBytes($"\"{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(next.ToString()))}\""));
        page.Write("}"u8);
        return page.WrittenMemory;
    }

    private static ReadOnlySpan<byte> Json(AlertView view)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(bytes, JsonWriting.Readable)) JsonSerializer.Serialize(writer, view, AlertViewJson.Default.AlertView);
        return bytes.WrittenSpan;
    }
}
