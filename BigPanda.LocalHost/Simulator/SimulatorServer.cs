using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BigPanda.LocalHost.Simulator;

/// <summary>Kestrel on a loopback port, and the simulator's background work.</summary>
internal sealed class SimulatorServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private bool _isDisposed;

    /// <param name="port">0: any free port.</param>
    public SimulatorServer(int port, ILoggerFactory logging)
    {
        App = Build(port, logging);
        Background = new(logging.CreateLogger<BackgroundWork>(), Stopping);
    }

    public WebApplication App { get; }

    public BackgroundWork Background { get; }

    public CancellationToken Stopping => _stopping.Token;

    public Uri Url { get; private set; } = new("http://localhost");

    /// <summary>A server that does not start is disposed of.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await App.StartAsync(cancellationToken);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
        Url = new(App.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await _stopping.CancelAsync();
        await App.DisposeAsync();
        await Background.WhenStoppedAsync();
        _stopping.Dispose();
    }

    private static WebApplication Build(int port, ILoggerFactory logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.Replace(ServiceDescriptor.Singleton(logging));
        // The process that starts the simulator handles the signals.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (port == 0)
                kestrel.Listen(IPAddress.Loopback, 0);
            else
                kestrel.ListenLocalhost(port);
        });
        return builder.Build();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
