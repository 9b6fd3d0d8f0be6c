using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BigPanda.Benchmarks.Load;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Benchmarks.Servers;

/// <summary>
/// The minimum of a webhook endpoint: reads the whole body, compares the token in constant time, parses the JSON in full (depth 64,
/// no duplicate names), and, with a file, writes the body to disk before the response.
/// </summary>
internal sealed class BareServer : IServer
{
    private const string Path = "/webhooks";
    private const string Bearer = "Bearer ";
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    private readonly WebApplication _app;
    private readonly GroupCommitFile? _file;
    private readonly byte[] _tokenHash;

    private BareServer(WebApplication app, GroupCommitFile? file, string token)
    {
        (_app, _file) = (app, file);
        _tokenHash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        Token = token;
        app.MapPost(Path, TakeAsync);
    }

    public Target Target => new(Kestrel.PortOf(_app), Path, Token);

    private string Token { get; }

    public static async Task<IServer> StartAsync(GroupCommitFile? file, CancellationToken cancellationToken)
    {
        var app = Kestrel.CreateBuilder().Build();
        var server = new BareServer(app, file, RandomNumberGenerator.GetHexString(43));
        await app.StartAsync(cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _file?.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!IsAuthentic(request.Headers.Authorization.ToString()))
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var read = await request.BodyReader.ReadAtLeastAsync((int)(request.ContentLength ?? 0), context.RequestAborted);
        using (JsonDocument.Parse(read.Buffer, Strict)) { }
        if (_file is not null) await _file.AppendAsync(read.Buffer);
        request.BodyReader.AdvanceTo(read.Buffer.End);
        response.StatusCode = StatusCodes.Status202Accepted;
    }

    private bool IsAuthentic(string header)
    {
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return false;
        Span<byte> token = stackalloc byte[256];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (header.Length > token.Length) return false;
        SHA256.HashData(token[..Encoding.UTF8.GetBytes(header.AsSpan(Bearer.Length), token)], hash);
        return CryptographicOperations.FixedTimeEquals(hash, _tokenHash);
    }
}
