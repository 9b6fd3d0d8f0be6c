using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Vendors.BigPanda.Webhook;

/// <summary>202 with the message id, which finds the webhook in logs and timeline.</summary>
internal sealed class WebhookAccepted(string messageId, string incidentId) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status202Accepted;
        response.ContentType = "application/json; charset=utf-8";
        using (var writer = new Utf8JsonWriter(response.BodyWriter))
        {
            writer.WriteStartObject();
            writer.WriteString("messageId"u8, messageId);
            writer.WriteString("incidentId"u8, incidentId);
            writer.WriteEndObject();
        }

        return response.CompleteAsync();
    }
}
