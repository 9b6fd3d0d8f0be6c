#nullable enable
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Rest;

/// <summary>Sends Table Storage requests through Azure.Core's pipeline: its retries, authentication, request ids and diagnostics.</summary>
internal sealed class TableRest(TableUrls urls, HttpPipelinePolicy authentication, TableClientOptions options)
{
    private const string Json = "application/json";
    private const string JsonWithTypes = "application/json;odata=minimalmetadata";
    private static readonly ResponseClassifier MissingIsNoError = new StatusCodeClassifier([200, 202, 204, 404]);

    private readonly HttpPipeline _pipeline = HttpPipelineBuilder.Build(options, authentication);

    public TableUrls Urls { get; } = urls;

    public static TableRest Create(string connectionString, TableClientOptions? options)
    {
        var parsed = StorageConnectionString.Parse(connectionString);
        return new(new TableUrls(parsed.TableEndpoint), new SharedKeyLitePolicy(parsed.Account, parsed.Key), options ?? new TableClientOptions());
    }

    public static TableRest Create(Uri endpoint, TokenCredential credential, TableClientOptions? options) => new(
        new TableUrls(endpoint),
        new BearerTokenAuthenticationPolicy(credential, "https://storage.azure.com/.default"),
        options ?? new TableClientOptions());

    /// <summary>Throws unless the service answers 2xx, or 404 where the caller allows it.</summary>
    public async Task<Response> SendAsync(
        RequestMethod method, string url, CancellationToken ct, byte[]? body = null, string? ifMatch = null, bool allowMissing = false)
    {
        using var message = NewMessage(method, url);
        if (allowMissing)
            message.ResponseClassifier = MissingIsNoError;
        var request = message.Request;
        request.Headers.SetValue("Accept", JsonWithTypes);
        if (ifMatch is not null)
            request.Headers.SetValue("If-Match", ifMatch);
        if (body is not null)
        {
            request.Headers.SetValue("Content-Type", Json);
            request.Headers.SetValue("Prefer", "return-no-content");
            request.Content = RequestContent.Create(body);
        }

        return await SendAsync(message, ct);
    }

    public async Task<Response> SendBatchAsync(string boundary, byte[] body, CancellationToken ct)
    {
        using var message = NewMessage(RequestMethod.Post, Urls.Batch);
        message.Request.Headers.SetValue("Accept", Json);
        message.Request.Headers.SetValue("Content-Type", $"multipart/mixed; boundary={boundary}");
        message.Request.Content = RequestContent.Create(body);
        return await SendAsync(message, ct);
    }

    public async Task<Response> GetServicePropertiesAsync(CancellationToken ct)
    {
        using var message = NewMessage(RequestMethod.Get, Urls.ServiceProperties);
        message.Request.Headers.SetValue("Accept", "application/xml");
        return await SendAsync(message, ct);
    }

    private HttpMessage NewMessage(RequestMethod method, string url)
    {
        var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(url));
        message.Request.Headers.SetValue("x-ms-version", options.VersionHeader);
        message.Request.Headers.SetValue("DataServiceVersion", "3.0");
        return message;
    }

    private async Task<Response> SendAsync(HttpMessage message, CancellationToken ct)
    {
        await _pipeline.SendAsync(message, ct);
        var response = message.Response;
        return response.IsError ? throw TableErrors.From(response) : response;
    }
}
