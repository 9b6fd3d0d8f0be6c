using BigPanda.Functions.Outbound.Limiter;
using BigPanda.Functions.Tests.Support;
using BigPanda.Functions.Vendors.BigPanda.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BigPanda.Functions.Tests.Scenarios;

/// <summary>A bridge whose rate limit has a separate, stopped clock: calls wait for their turns until the test advances it.</summary>
public sealed class StoppedLimiterFixture : AppFixture
{
    internal ManualTimeProvider LimiterClock { get; } = new();

    protected override void Replace(IServiceCollection services) => services.Replace(
        ServiceDescriptor.KeyedSingleton(BigPandaApi.Key, (provider, _) => new RateLimiter(
            BigPandaApi.Called.Name, provider.GetRequiredService<IOptions<BigPandaOptions>>().Value.CallsPerSecond, LimiterClock)));
}
