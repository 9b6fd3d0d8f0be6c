using System.Text.Json;

namespace BigPanda.LocalHost.Faults;

/// <summary>The vendors' clients with a step behind every call that was answered with success: it was carried out, and nothing here knows it yet.</summary>
internal sealed class KillableCalls(KillPoint kill) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = await NameAsync(request, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if (call is not null && response.IsSuccessStatusCode)
            kill.Reach(HostStep.AfterAnswer(call));
        return response;
    }

    /// <returns>Null for a call that changes nothing there, and for one that is no step.</returns>
    private static async Task<string?> NameAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Post || request is not { RequestUri.Segments: [.., var last], Content: { } content })
            return null;
        return last switch
        {
            "resolve" => HostStep.Close,
            "comments" => HostStep.Comment,
            "notes" => HostStep.Note,
            "enqueue" => HostStep.Page(await ReadActionAsync(content, cancellationToken)),
            _ => null,
        };
    }

    private static async Task<string> ReadActionAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var body = JsonDocument.Parse(await content.ReadAsByteArrayAsync(cancellationToken));
        return body.RootElement.GetProperty("event_action").GetString() ?? "";
    }
}
