using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Worker;

/// <summary>Whether this build has the released Service Bus extension, or the stand-in, which cannot convert or settle a message.</summary>
internal static class ServiceBusExtension
{
    /// <summary>The environment variable that allows a worker to start on the stand-in.</summary>
    public const string StandInAllowed = "BIGPANDA_WORKER_WITHOUT_SERVICE_BUS";

    public static bool IsReleased => typeof(ServiceBusMessageActions).Assembly.GetType("Microsoft.Azure.Functions.Worker.ServiceBusStandIn") is null;
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class WithServiceBusExtensionFactAttribute : FactAttribute
{
    public WithServiceBusExtensionFactAttribute() => Skip = ServiceBusExtension.IsReleased
        ? null
        : "This build has a stand-in for Microsoft.Azure.Functions.Worker.Extensions.ServiceBus, which converts and settles no message.";
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnServiceBusStandInFactAttribute : FactAttribute
{
    public OnServiceBusStandInFactAttribute() => Skip = ServiceBusExtension.IsReleased ? "This build has the released Service Bus extension." : null;
}
