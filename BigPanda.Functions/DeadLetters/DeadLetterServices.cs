using BigPanda.Functions.Messaging.Payloads;
using BigPanda.Functions.Messaging.Replay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.DeadLetters;

internal static class DeadLetterServices
{
    public static IServiceCollection AddDeadLetters(this IServiceCollection services) => services
        .AddTransient(static provider => new DeadLetterReading(
            provider.GetServices<IDeadLetterReader>(), provider.GetRequiredService<MessageBodies>(), provider.GetRequiredService<ILogger<DeadLetterReading>>()))
        .AddTransient<ReplayService>();
}
