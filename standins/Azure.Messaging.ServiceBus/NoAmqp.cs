namespace Azure.Messaging.ServiceBus;

internal static class NoAmqp
{
    public static InvalidOperationException Client() => new(
        "AzureSdk=standins has no AMQP client: this build talks to the local host's embedded bus only. "
        + "Build with AzureSdk=packages to reach Azure Service Bus or its emulator.");
}
