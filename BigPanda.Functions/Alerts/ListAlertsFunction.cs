using System.Text;
using BigPanda.Functions.Http;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Alerts;

/// <summary><c>GET /alerts</c>: newest change first, in pages.</summary>
public sealed class ListAlertsFunction(AlertListing listing)
{
    [Function("ListAlerts")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "alerts")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!TryRead(request.Query, out var query, out var fault)) return Problems.BadRequest(fault);
        try
        {
            var page = await listing.ListAsync(query, cancellationToken);
            var view = new AlertPageView([.. page.Alerts.Select(alert => AlertView.Of(alert))], page.Next is { } next ? WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(next)) : null);
            return JsonAnswer.Of(view, AlertViewJson.Default.AlertPageView);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageFault.IsOutage(e))
        {
            return Problems.Unavailable(request.HttpContext.Response, "The alert store does not answer.");
        }
    }

    private static bool TryRead(IQueryCollection values, out AlertQuery query, out string fault)
    {
        query = new AlertQuery { Severity = Text(values, "severity"), Environment = Text(values, "environment"), Search = Text(values, "search") };
        fault = "";

        if (Text(values, "status") is { } status)
        {
            // TryParse takes numbers too; what they stand for is nobody's business.
            if (!Enum.TryParse<AlertStatus>(status, ignoreCase: true, out var wanted) || !wanted.ToString().Equals(status, StringComparison.OrdinalIgnoreCase)) fault = "status must be firing or resolved.";
            query = query with { Status = wanted };
        }

        if (Text(values, "limit") is { } limit)
        {
            if (!int.TryParse(limit, out var count) || count is < 1 or > AlertQuery.MaxLimit) fault = $"limit must be a number from 1 to {AlertQuery.MaxLimit}.";
            query = query with { Limit = count };
        }

        if (Text(values, "continuation") is { } continuation)
        {
            if (Decode(continuation) is not { } after) fault = "continuation is not one of ours: leave it out to start anew.";
            else query = query with { After = after };
        }

        return fault.Length == 0;
    }

    private static string? Text(IQueryCollection values, string name) => values[name].ToString() is { Length: > 0 } text ? text : null;

    private static string? Decode(string continuation)
    {
        try
        {
            var key = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(continuation));
            return key.Length is > 20 and < 1000 && key[19] == '|' && key.AsSpan(0, 19).ContainsAnyExceptInRange('0', '9') is false ? key : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
