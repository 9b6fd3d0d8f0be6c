using System.Text.Json.Serialization;

namespace BigPanda.LocalHost.Simulator;

/// <summary>Sends one webhook and waits for its response.</summary>
internal sealed class WebhookHttp(TimeSpan timeout, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<WebhookResponse> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(either.Token), null);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(null, null, $"No response within {timeout.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException e)
        {
            return new(null, null, e.Message);
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>The receiver's response, or why there is none.</summary>
internal sealed record WebhookResponse(int? Status, [property: JsonConverter(typeof(JsonOrText))] string? Body, string? Error);
