using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Takes the app's registrations, so that Program.cs compiles and can be tested up to Build().</summary>
public class FunctionsApplicationBuilder
{
    private readonly HostApplicationBuilder _inner;

    internal FunctionsApplicationBuilder(string[]? args) => _inner = Host.CreateApplicationBuilder(args);

    public ConfigurationManager Configuration => _inner.Configuration;

    public IHostEnvironment Environment => _inner.Environment;

    public ILoggingBuilder Logging => _inner.Logging;

    public IServiceCollection Services => _inner.Services;

    public IHost Build() => throw new InvalidOperationException(
        "This is a stand-in build (AzureSdk=standins): it cannot run as a Functions worker. Use ./run, " +
        "or build with AzureSdk=packages where the package feed has the Azure packages.");
}
