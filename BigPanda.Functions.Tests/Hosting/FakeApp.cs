using BigPanda.LocalHost.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Hosting;

/// <summary>The fake functions on the local host's HTTP server, without bus, tables and app.</summary>
internal sealed class FakeApp : IAsyncDisposable
{
    public const string Key = "fake-function-key";

    private readonly LoopbackPort _port = LoopbackPort.Bind(0, "--port");
    private readonly ILoggerFactory _loggers;
    private readonly WebApplication _app;

    private FakeApp(TimeProvider time)
    {
        // The server warns when its thread had to wait a second for the processor.
        _loggers = LoggerFactory.Create(
            logging => logging.AddProvider(Log).AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level >= LogLevel.Error));
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Fake:Schedule"] = "*/30 * * * * *" })
            .Build();
        var builder = FunctionServer.CreateBuilder(configuration, _port, time, _loggers);
        builder.Services.AddSingleton(Seen);
        _app = builder.Build();

        var functions = FunctionCatalog.Discover([typeof(FakeHttpFunctions), typeof(FakeTimerFunction)]);
        Timers = new Timers(functions.Timers, _app.Services);
        _app.MapFunctions(functions.Http, "api", new FunctionKey(Key), _loggers.CreateLogger("Fake"));
        _app.MapAdmin(new FunctionKey(Key), Timers);
        Http = new HttpClient { BaseAddress = new Uri($"http://localhost:{_port.Number}") };
    }

    public Seen Seen { get; } = new();
    public ListLogger Log { get; } = new();
    public Timers Timers { get; }
    public HttpClient Http { get; }

    public static async Task<FakeApp> StartAsync(TimeProvider? time = null)
    {
        var app = new FakeApp(time ?? TimeProvider.System);
        await app._app.StartAsync();
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await Timers.DisposeAsync();
        await _app.DisposeAsync();
        _port.Dispose();
        _loggers.Dispose();
    }
}
