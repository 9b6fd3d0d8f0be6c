using BigPanda.Functions.Http;
using BigPanda.Functions.Sources.Gate;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BigPanda.LocalHost.Hosting;

/// <summary>Kestrel on one loopback port, with only routing and the headers of every response in front of the functions.</summary>
internal static class FunctionServer
{
    // The Functions host's default; the app sets lower limits.
    private const long MaxRequestBodySize = 104_857_600;

    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(3);

    public static WebApplicationBuilder CreateBuilder(
        IConfiguration configuration, LoopbackPort port, TimeProvider time, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, port));

        var services = builder.Services;
        services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = port.SocketFor);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        services.AddRoutingCore();
        services.AddSingleton(time);
        services.AddSingleton<IStartupFilter, HeadersFirst>();
        services.Replace(ServiceDescriptor.Singleton(loggers));
        // The program handles signals, because the host must stop its parts in order.
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoHostLifetime>());
        return builder;
    }

    private static void Listen(KestrelServerOptions kestrel, LoopbackPort port)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxRequestBodySize;
        kestrel.Limits.MaxRequestBufferSize = IntakeOptions.UnreadBytes;
        foreach (var endPoint in port.EndPoints)
            kestrel.Listen(endPoint, listen => listen.Protocols = HttpProtocols.Http1);
    }

    /// <summary>Before routing: this host's own 401, 404 and 405 have them too.</summary>
    private sealed class HeadersFirst : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(static (context, handle) =>
            {
                ResponseHeaders.Set(context.Response);
                return handle(context);
            });
            next(app);
        };
    }

    private sealed class NoHostLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
