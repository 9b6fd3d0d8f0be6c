using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using BigPanda.Benchmarks.Servers;
using BigPanda.Functions.Monitors.Intake;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Benchmarks.Micro;

/// <summary>Takes a batch of 500 alerts of a kilobyte: token, reading, messages and their encoding, response; only the broker is missing.</summary>
public class MonitorBatchBenchmarks : IDisposable
{
    private const string Token = "the-token-of-the-benchmark-source";

    private readonly byte[] _body = Encoding.UTF8.GetBytes($$"""{"alerts":[{{string.Join(',', Enumerable.Range(0, 500).Select(Alert))}}]}""");
    private readonly ServiceProvider _services;
    private readonly ReceiveMonitorAlertFunction _function;

    public MonitorBatchBenchmarks()
    {
        const string monitor = ",\"Kind\":\"monitor\",\"Format\":\"bigpanda\"";
        var services = new ServiceCollection().AddSingleton<Microsoft.Extensions.Logging.ILoggerFactory>(NullLoggerFactory.Instance);
        _services = services.AddStubbedBigPanda(new ConfigurationManager(), new OneSource("bench", Token, monitor)).BuildServiceProvider();
        _function = ActivatorUtilities.CreateInstance<ReceiveMonitorAlertFunction>(_services);
    }

    [Benchmark]
    public async Task<long> TakeBatchOf500()
    {
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Body = new MemoryStream(_body);
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = _body.Length;
        context.Request.Headers.Authorization = $"Bearer {Token}";
        context.Response.Body = new MemoryStream();
        await (await _function.RunAsync(context.Request, "bench", CancellationToken.None)).ExecuteAsync(context);
        return context.Response.StatusCode == StatusCodes.Status202Accepted
            ? context.Response.Body.Length
            : throw new InvalidOperationException($"The batch was answered {context.Response.StatusCode}.");
    }

    public void Dispose()
    {
        _services.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string Alert(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"status":"{{(number % 4 == 0 ? "ok" : "critical")}}","host":"db-{{number % 100}}.eu-west.example.com","check":"disk usage /data/{{number}}",
         "timestamp":{{1793527200 + number}},"description":"{{new string('d', 300)}}","cluster":"payments","runbook_url":"https://wiki.example.com/disk",
         "region":"westeurope","team":"storage","values":[1,2,3],"owner":"{{new string('o', 200)}}","service_name":"ledger","environment":"production"}
        """);
}
