using System.Collections.Concurrent;
using BigPanda.Functions.Tests.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace BigPanda.Console.Tests.Support;

/// <summary>
/// The Functions host's end of HTTP, in front of a worker: finds the function of a request, checks its key, invokes the function, and passes the request on to
/// the worker's web server and its answer back, byte by byte.
/// </summary>
internal sealed class WorkerSite : IAsyncDisposable
{
    public const string FunctionKey = "the function key";

    private static readonly string[] OfTheConnection = ["Host", "Connection", "Transfer-Encoding", "Content-Length", "Content-Type"];

    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly RunningWorker _worker;
    private readonly WebApplication _server;

    private WorkerSite(RunningWorker worker)
    {
        _worker = worker;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(ForwardAsync);
    }

    public Uri Address => new(_server.Urls.Single());

    public IReadOnlyCollection<Answer> Answers => _answers;

    public static async Task<WorkerSite> StartAsync(RunningWorker worker)
    {
        var site = new WorkerSite(worker);
        await site._server.StartAsync();
        return site;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ForwardAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var method = HttpMethod.Parse(request.Method);
        var function = _worker.Index.FirstOrDefault(function => function.Match(method, request.Path) is not null);
        response.StatusCode = function is null ? 404 : function.AuthLevel == "function" && request.Headers["x-functions-key"] != FunctionKey ? 401 : 200;
        if (response.StatusCode != 200) return;

        using var content = request.ContentLength > 0 ? new StreamContent(request.Body) : null;
        if (content is not null) content.Headers.Add("Content-Type", request.ContentType);
        using var answer = await _worker.SendAsync(method, request.GetEncodedPathAndQuery(), content, headers =>
        {
            foreach (var (name, value) in request.Headers.Where(header => !OfTheConnection.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
                headers.TryAddWithoutValidation(name, value.ToArray());
        });
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Transfer-Encoding"))
            response.Headers[name] = values.ToArray();
        _answers.Enqueue(new Answer(request.Path.ToString(), response.StatusCode, response.Headers.ContentEncoding.ToString()));
        await answer.Content.CopyToAsync(response.Body);
    }

    public sealed record Answer(string Path, int Status, string Coding);
}
