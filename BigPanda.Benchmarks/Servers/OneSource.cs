using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BigPanda.Functions.Sources;

namespace BigPanda.Benchmarks.Servers;

/// <summary>Replaces Table Storage for an app that only reads sources: every read returns this one.</summary>
internal sealed class OneSource(string id, string token) : HttpMessageHandler
{
    private readonly byte[] _response = JsonSerializer.SerializeToUtf8Bytes(new
    {
        value = new[]
        {
            new { PartitionKey = "source", RowKey = id, Source = JsonSerializer.Serialize(Source(id, token), StoredSourceJson.Default.AlertSource) },
        },
    });

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new ByteArrayContent(_response) });

    private static AlertSource Source(string id, string token) => new()
    {
        Id = id,
        Name = id,
        CreatedAt = DateTimeOffset.UnixEpoch,
        Tokens = [new SourceToken("1", token[..4], SHA256.HashData(Encoding.UTF8.GetBytes(token)), DateTimeOffset.UnixEpoch)],
    };
}
