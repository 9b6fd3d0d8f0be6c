using System.Text.Json;
using BigPanda.Functions.Http;
using BigPanda.Functions.Json;
using BigPanda.Functions.Sources;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Monitors.Intake;

/// <summary><c>POST /monitors/{sourceId}/preview</c>: what BigPanda would get of a body. Nothing is sent or stored.</summary>
public sealed class PreviewMonitorAlertFunction(SourceStore sources, TimeProvider time, ILogger<PreviewMonitorAlertFunction> logger)
{
    /// <summary>An action group's largest body has 256 KB.</summary>
    private const int MaxBytes = 1024 * 1024;

    [Function("PreviewMonitorAlert")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "monitors/{sourceId}/preview")] HttpRequest request,
        string sourceId,
        CancellationToken cancellationToken) =>
        StoreOutage.Tables.CatchAsync(request, logger, () => PreviewAsync(request, sourceId, cancellationToken), cancellationToken);

    private async Task<IResult> PreviewAsync(HttpRequest request, string sourceId, CancellationToken cancellationToken)
    {
        if (await sources.FindAsync(sourceId, cancellationToken) is not { Kind: SourceKind.Monitor } source)
            return Problems.SourceNotFound.With("No source of the kind monitor has this id.");
        if (source.FindFormat() is not { } format)
            return Problems.IntakeFailed.RetryLater(request.HttpContext.Response, $"This version does not know the source's format {source.Format}.");
        using var body = await BoundedBody.ReadAsync(request, MaxBytes, cancellationToken);
        if (body is null) return Problems.PayloadTooLarge.With($"A body to preview must have at most {MaxBytes} bytes.", ("limit", MaxBytes));
        var read = format.Read(body.Memory.Span, source.Flatten, time.GetUtcNow());
        return read.Error is { } error
            ? error.ToProblem(Problems.InvalidAlerts)
            : new AlertPreview(format.Name, AlertBatch.Of(read, source));
    }
}

/// <summary>The accepted alerts as BigPanda would get them, and what was said about the others.</summary>
internal sealed class AlertPreview(string format, AlertBatch batch) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        using (var writer = new Utf8JsonWriter(response.BodyWriter, JsonWriting.Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("format"u8, format);
            writer.WriteStartArray("alerts"u8);
            foreach (var (alert, index) in batch.Accepted.Zip(batch.Indexes))
            {
                writer.WriteStartObject();
                writer.WriteNumber("index"u8, index);
                writer.WriteString("identity"u8, alert.Identity);
                writer.WritePropertyName("alert"u8);
                writer.WriteRawValue(alert.Json.Span, skipInputValidation: true);
                if (alert.OkAfter is { } after) writer.WriteNumber("okAfterHours"u8, (int)after.TotalHours);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            BatchAccepted.Write(writer, batch);
            writer.WriteEndObject();
        }

        return response.CompleteAsync();
    }
}
