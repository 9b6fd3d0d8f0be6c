using System.Text.Json;
using BigPanda.Functions.Json;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Monitors.Intake;

/// <summary>202 with the number of accepted alerts and, alert by alert, what was refused or changed and why.</summary>
internal sealed class BatchAccepted(AlertBatch batch) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status202Accepted;
        response.ContentType = "application/json; charset=utf-8";
        using (var writer = new Utf8JsonWriter(response.BodyWriter, JsonWriting.Readable))
        {
            writer.WriteStartObject();
            writer.WriteNumber("accepted"u8, batch.Accepted.Count);
            Write(writer, batch);
            writer.WriteEndObject();
        }

        return response.CompleteAsync();
    }

    /// <summary>The members that 202 and the preview share.</summary>
    public static void Write(Utf8JsonWriter writer, AlertBatch batch)
    {
        writer.WritePropertyName("refused"u8);
        AlertNote.ToJson(batch.Refused).WriteTo(writer);
        writer.WritePropertyName("warnings"u8);
        AlertNote.ToJson(batch.Warnings).WriteTo(writer);
        var unlisted = Math.Max(0, batch.Refused.Count - AlertNote.MaxListed) + Math.Max(0, batch.Warnings.Count - AlertNote.MaxListed);
        if (unlisted > 0) writer.WriteNumber("unlisted"u8, unlisted);
    }
}
